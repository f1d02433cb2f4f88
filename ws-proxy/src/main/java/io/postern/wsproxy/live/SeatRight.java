package io.postern.wsproxy.live;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Rights;
import io.postern.wsproxy.hub.Consoles.Kind;
import io.postern.wsproxy.hub.Consoles.Present;

/** Which right a seat is held by. Pure. */
final class SeatRight {
    private SeatRight() {}

    static boolean holds(Rights rights, Present present) {
        if (present.observer()) {
            return rights.permits(Action.OBSERVE, present.container());
        }
        if (present.kind() == Kind.ATTACH) {
            return rights.permits(Action.ATTACH, present.container());
        }
        return rights.permits(Action.EXEC, present.container())
                && (present.user().isEmpty() || rights.permitsUser(present.user(), present.container()));
    }
}
