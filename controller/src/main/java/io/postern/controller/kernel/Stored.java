package io.postern.controller.kernel;

import io.postern.api.Link;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What every stored entity has. */
@MappedSuperclass
public abstract class Stored {
    @Id
    @Column(updatable = false)
    protected String id = "";

    @Column(updatable = false)
    protected Instant createdAt = Instant.EPOCH;

    protected Instant updatedAt = Instant.EPOCH;

    protected JsonObject tags = new JsonObject();

    @Column(updatable = false)
    protected boolean isSystem;

    /** Makes a blank row a new entity. */
    public void stamp(String newId, Instant now) {
        id = newId;
        createdAt = now;
        updatedAt = now;
    }

    public void touch(Instant now) {
        updatedAt = now;
    }

    public String id() {
        return id;
    }

    public boolean isSystem() {
        return isSystem;
    }

    public void system() {
        isSystem = true;
    }

    public void tags(Map<String, Object> newTags) {
        tags = new JsonObject(newTags);
    }

    public Map<String, Object> tags() {
        return tags.getMap();
    }

    public Base base(String collection, List<String> sublists) {
        return new Base(id, createdAt, updatedAt, tags.getMap(), Link.selfAnd(collection, id, sublists));
    }
}
