package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import io.postern.wsproxy.engine.HostStream;
import io.postern.wsproxy.hub.Viewer.End;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Carries what clients type to the engine, as fast as it takes it, and tells them how much that was. */
final class InputFeed {
    private static final long TELL_MILLIS = 200;
    private static final int TELL_BYTES = 64 * 1024;

    private final Console console;
    private boolean telling;
    private boolean ended;

    InputFeed(Console console) {
        this.console = console;
    }

    /** Was the engine told that no more input comes? */
    boolean isEnded() {
        return ended;
    }

    void feed(List<Place> places, HostStream stream) {
        for (Place place : List.copyOf(places)) {
            while (stream.isWritable()) {
                ByteBuf next = place.take();
                if (next == null) {
                    break;
                }
                console.tape().input(next);
                if (console.takesInput() && next.isReadable()) {
                    stream.write(next);
                } else {
                    next.release();
                }
            }
            tell(place, places);
            if (place.isInputOver()) {
                over(place, places, stream);
            }
        }
    }

    private void over(Place place, List<Place> places, HostStream stream) {
        boolean others = places.stream().anyMatch(other -> other != place && !other.isObserver());
        if (others) {
            console.farewell().remove(place, new End.Detached()); // the container's input is not one client's to end
        } else if (!ended) {
            ended = true;
            stream.closeOutput();
        }
    }

    private void tell(Place place, List<Place> places) {
        if (place.untold() >= TELL_BYTES) {
            place.tellTaken();
        } else if (place.untold() > 0 && !telling) {
            telling = true;
            console.loop()
                    .schedule(
                            () -> {
                                telling = false;
                                places.forEach(Place::tellTaken);
                            },
                            TELL_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }
}
