package io.postern.controller.kernel;

import java.time.Instant;
import java.util.List;

/** What one committed transaction did to the model, under the index that it took. */
public record ModelChangeSet(long index, Instant at, List<ModelChange> changes) {}
