package io.postern.controller.kernel;

import io.postern.controller.kernel.ModelChange.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/** One write transaction: its session, its instant, and the changes that it makes to the model. */
public final class Work {
    private record Key(String kind, String entityId) {}

    private final Mutiny.Session session;
    private final Instant now;
    private final Map<Key, Action> changes = new LinkedHashMap<>();

    Work(Mutiny.Session session, Instant now) {
        this.session = session;
        this.now = now;
    }

    public Mutiny.Session session() {
        return session;
    }

    /** The transaction's instant, in milliseconds as the wire shows it. */
    public Instant now() {
        return now;
    }

    /** Records a change; several to one entity become one. */
    public void changed(String kind, String entityId, Action action) {
        changes.merge(
                new Key(kind, entityId),
                action,
                (before, after) -> before == Action.CREATE && after == Action.UPDATE ? Action.CREATE : after);
    }

    List<ModelChange> changes() {
        List<ModelChange> list = new ArrayList<>(changes.size());
        changes.forEach((key, action) -> list.add(new ModelChange(key.kind(), key.entityId(), action)));
        return list;
    }
}
