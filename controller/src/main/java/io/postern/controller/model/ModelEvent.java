package io.postern.controller.model;

import java.util.Set;

/** What a change did to the model. */
public sealed interface ModelEvent {
    /** An entity is new or different. */
    record Put(Entry entry, boolean created) implements ModelEvent {}

    record Gone(Entry entry) implements ModelEvent {}

    /** A service policy speaks, or no longer speaks, of these entities. */
    record Member(Entry.Policy policy, Side side, Set<String> ids, boolean add) implements ModelEvent {}

    /** A terminator was written through the management API. */
    record TerminatorTouched(String terminatorId) implements ModelEvent {}

    enum Side {
        SERVICE,
        IDENTITY,
        POSTURE_CHECK
    }
}
