package io.postern.controller.model;

import java.util.List;

/**
 * What one database change did, under its index. Events may be none: an index counts also when nothing here depends on
 * what it changed.
 */
public record ModelUpdate(long index, long previousIndex, List<ModelEvent> events) {}
