package io.postern.wsproxy.hub;

import io.netty.util.concurrent.ScheduledFuture;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.hub.Viewer.End;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A place that waits for its client, for a while. */
final class Chair implements Consoles.Prepared {
    private final Hub hub;
    private final Place place;
    private final long from;
    private final boolean back;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final ScheduledFuture<?> patience;

    /** @param from -1 for the scrollback that there is @param back does its client come back? */
    Chair(Hub hub, Place place, long from, boolean back) {
        this.hub = hub;
        this.place = place;
        this.from = from;
        this.back = back;
        this.patience =
                place.console().loop().schedule(this::abandon, hub.untaken().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public SessionId session() {
        return place.session();
    }

    @Override
    public ContainerFacts container() {
        return place.console().container();
    }

    @Override
    public boolean tty() {
        return place.console().tty();
    }

    @Override
    public Seat join(Viewer viewer) {
        if (!taken.compareAndSet(false, true)) {
            throw new IllegalStateException("this place was taken or given up before");
        }
        patience.cancel(false);
        Place.Sitter sitter = place.sitter(viewer);
        place.console().loop().execute(() -> sit(sitter, viewer));
        return sitter;
    }

    private void sit(Place.Sitter sitter, Viewer viewer) {
        Console console = place.console();
        boolean joins = place.isObserver() && !console.has(place);
        if (place.isOver() || !console.farewell().isOpen() || joins && !console.add(place)) {
            if (!back) {
                hub.left(place, new End.Detached());
            }
            viewer.ended(new End.Broken("the session has ended"));
            return;
        }
        long start = from >= 0
                ? from
                : console.isExec() ? console.ring().start() : console.ring().recent(hub.scrollback());
        console.sit(place, sitter, start, back);
    }

    @Override
    public void abandon() {
        if (taken.compareAndSet(false, true)) {
            patience.cancel(false);
            if (back) {
                return; // the place waits on for its client
            }
            place.console().onLoop(() -> {
                if (place.console().has(place)) {
                    place.console().farewell().abandoned(place);
                } else {
                    hub.left(place, new End.Detached());
                }
            });
        }
    }
}
