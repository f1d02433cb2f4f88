package io.postern.controller.kernel;

/**
 * One entity came, changed or went.
 *
 * @param kind the kind's name as its {@link Kind} says: {@code identity}, {@code service}, {@code servicePolicy}, …
 */
public record ModelChange(String kind, String entityId, Action action) {
    public enum Action {
        CREATE,
        UPDATE,
        DELETE
    }
}
