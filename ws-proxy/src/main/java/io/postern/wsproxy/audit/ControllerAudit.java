package io.postern.wsproxy.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.ControllerTrouble;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes each event as a log line at once and delivers it to the controller behind that, in order, from a virtual thread of
 * its own. While the controller is away events wait in memory, so many and no more; what comes beyond that is lost to the
 * controller, not to the log, and an event says how many those were.
 */
final class ControllerAudit implements Audit {
    private static final Logger LOG = Logger.getLogger("postern.audit");
    private static final Logger OWN = Logger.getLogger(ControllerAudit.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BATCH = 200;
    private static final long IDLE_MILLIS = 1_000;
    private static final long FIRST_PAUSE = 250;
    private static final long LONGEST_PAUSE = 10_000;

    private final Controller controller;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final Delivery delivery;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable Thread thread;
    private long pause = FIRST_PAUSE;

    ControllerAudit(Controller controller, int waiting, InstantSource clock, MeterRegistry registry) {
        this.controller = controller;
        this.clock = clock;
        this.registry = registry;
        this.delivery = new Delivery(waiting);
        registry.gauge("postern.audit.waiting", delivery, Delivery::size);
        registry.gauge("postern.audit.lost", delivery, Delivery::lostInAll);
    }

    @Override
    public void record(Happening what) {
        Report report = Report.of(what, id(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        LOG.info(report.line());
        registry.counter("postern.audit.events", "type", report.type()).increment();
        if (!delivery.offer(report)) {
            OWN.debugf("audit.lost type=%s", report.type());
        }
    }

    private String id() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    void start() {
        thread = Thread.ofVirtual().name("audit").start(this::run);
    }

    /** Waits so long for the rest to be delivered. */
    void stop(long flushMillis) {
        try {
            if (!delivery.awaitNone(flushMillis)) {
                OWN.warnf("audit.undelivered count=%d", delivery.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                delivery.awaitSome(IDLE_MILLIS);
                List<Report> batch = delivery.batch(BATCH);
                if (!batch.isEmpty()) {
                    deliver(batch);
                }
            }
        } catch (InterruptedException e) {
            // the end
        }
    }

    private void deliver(List<Report> batch) throws InterruptedException {
        try {
            controller.report(json(batch));
            done(batch.size());
        } catch (ControllerTrouble trouble) {
            if (trouble.kind() != ControllerTrouble.Kind.REFUSED) {
                rest(trouble);
            } else if (batch.size() > 1) {
                // one that is refused must not hold up the others
                deliver(batch.subList(0, 1));
            } else {
                OWN.errorf(
                        "audit.refused id=%s type=%s",
                        batch.getFirst().id(), batch.getFirst().type());
                done(1);
            }
        } catch (RuntimeException e) {
            OWN.errorf(e, "audit.failed");
            rest(new ControllerTrouble(ControllerTrouble.Kind.AWAY, "a fault of this program"));
        }
    }

    private void done(int count) {
        if (pause > FIRST_PAUSE) {
            OWN.infof("audit.delivered.again waiting=%d", delivery.size());
        }
        pause = FIRST_PAUSE;
        long lost = delivery.delivered(count);
        if (lost > 0) {
            record(new Happening.Lost(lost));
        }
    }

    private void rest(ControllerTrouble trouble) throws InterruptedException {
        if (pause == FIRST_PAUSE) {
            OWN.warnf(
                    "audit.waits kind=%s reason=%s waiting=%d", trouble.kind(), trouble.getMessage(), delivery.size());
        }
        Thread.sleep(pause + ThreadLocalRandom.current().nextLong(pause));
        pause = Math.min(LONGEST_PAUSE, pause * 2);
    }

    static ArrayNode json(List<Report> batch) {
        ArrayNode array = JSON.createArrayNode();
        for (Report report : batch) {
            ObjectNode event = array.addObject()
                    .put("id", report.id())
                    .put("at", report.at().toString())
                    .put("type", report.type());
            report.fields().forEach((name, value) -> event.set(name, JSON.valueToTree(value)));
            ObjectNode details = event.putObject("details");
            for (Map<String, Object> more : List.of(report.details(), report.unlogged())) {
                more.forEach((name, value) -> details.set(name, JSON.valueToTree(value)));
            }
        }
        return array;
    }
}
