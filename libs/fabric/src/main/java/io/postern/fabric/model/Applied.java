package io.postern.fabric.model;

import java.util.Set;

/** What became of a change set. Fabric sheet 1.5. */
public sealed interface Applied {
    /** It counts. The aspects may be empty: sets without effect advance the index too. */
    record Changed(Set<ModelAspect> aspects) implements Applied {}

    /** Its index is not above ours; nothing to do. */
    record Old() implements Applied {}

    /** Sets are missing before it: the subscriber asks anew. */
    record Gap(long current, long previous) implements Applied {}
}
