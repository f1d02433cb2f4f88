package io.postern.wsproxy.hub;

import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Carries out what the {@link SizeArbiter} decides, on the console's loop. */
final class TerminalSize {
    private static final Logger LOG = Logger.getLogger(TerminalSize.class);
    private static final Size UNKNOWN = new Size(80, 24);

    private final Console console;
    private final SizeArbiter arbiter = new SizeArbiter();
    private boolean waiting;

    TerminalSize(Console console) {
        this.console = console;
    }

    Size current() {
        return arbiter.current().or(arbiter::wanted).orElse(UNKNOWN);
    }

    void wish(Place place, Size size) {
        arbiter.wish(place, size);
        kick();
    }

    void gone(Place place) {
        arbiter.gone(place);
        kick();
    }

    /** The process runs; before that an engine holds an order up for ten seconds. */
    void ready() {
        arbiter.ready();
        kick();
    }

    private void kick() {
        if (!console.tty() || console.farewell().isFinished()) {
            return;
        }
        long now = System.nanoTime();
        arbiter.order(now)
                .ifPresent(size -> console.orderSize(size)
                        .whenComplete((done, failure) -> console.loop().execute(() -> {
                            if (failure != null) {
                                LOG.debugf("console.unsized cause=%s", failure.getMessage());
                            }
                            arbiter.done();
                            kick();
                        })));
        if (!waiting) {
            arbiter.waits(now).ifPresent(nanos -> {
                waiting = true;
                console.loop()
                        .schedule(
                                () -> {
                                    waiting = false;
                                    kick();
                                },
                                nanos,
                                TimeUnit.NANOSECONDS);
            });
        }
    }
}
