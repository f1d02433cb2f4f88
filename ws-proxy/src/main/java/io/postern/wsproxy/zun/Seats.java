package io.postern.wsproxy.zun;

import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.hub.Consoles.Prepared;
import io.postern.wsproxy.hub.Seat;
import io.postern.wsproxy.hub.SessionId;
import io.postern.wsproxy.hub.Size;
import io.postern.wsproxy.hub.Viewer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sits at which console, because sizes come beside the WebSocket. A size may come before its WebSocket. Bound to the
 * identity and the container, so that nobody sizes another's terminal. Thread-safe.
 */
final class Seats {
    private static final int MOST = 4096;

    /** @param exec empty for an attach */
    record Key(String identityId, String containerId, String exec) {
        static Key of(Subject who, ContainerFacts container, String exec) {
            return new Key(who.identityId(), container.id(), exec);
        }
    }

    private static final class Place {
        private @Nullable Seat seat;
        private @Nullable Size size;
    }

    private final Map<Key, Place> places = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Place> eldest) {
            return size() > MOST;
        }
    };

    /** Is awaited, or there. */
    synchronized void expect(Key key) {
        places.put(key, new Place());
    }

    /** @return false when no such console is known */
    boolean resize(Key key, Size size) {
        Seat seat;
        synchronized (this) {
            Place place = places.get(key);
            if (place == null) {
                return false;
            }
            if (size.equals(place.size)) {
                return true; // clients say everything twice
            }
            place.size = size;
            seat = place.seat;
        }
        if (seat != null) {
            seat.resize(size);
        }
        return true;
    }

    private void sit(Key key, Seat seat) {
        Size size;
        synchronized (this) {
            Place place = places.computeIfAbsent(key, absent -> new Place());
            place.seat = seat;
            size = place.size;
        }
        if (size != null) {
            seat.resize(size);
        }
    }

    /** The same console, whose seat is kept. */
    Prepared kept(Key key, Prepared prepared) {
        return new Prepared() {
            @Override
            public SessionId session() {
                return prepared.session();
            }

            @Override
            public ContainerFacts container() {
                return prepared.container();
            }

            @Override
            public boolean tty() {
                return prepared.tty();
            }

            @Override
            public Seat join(Viewer viewer) {
                Seat seat = prepared.join(viewer);
                sit(key, seat);
                return seat;
            }

            @Override
            public void abandon() {
                prepared.abandon();
            }
        };
    }
}
