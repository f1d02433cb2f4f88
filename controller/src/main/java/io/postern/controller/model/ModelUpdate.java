package io.postern.controller.model;

import java.util.List;

/**
 * What one database change did, under its index. Events may be none: an index counts also when nothing here depends on
 * what it changed.
 *
 * @param forRouters whether the change is of a kind that routers know. Every controller answers that alike, also one that
 *     sees no event in it, so that all of them tell routers the same indexes
 */
public record ModelUpdate(long index, long previousIndex, boolean forRouters, List<ModelEvent> events) {}
