package io.postern.controller.model;

import java.util.List;

/**
 * What one database change did, under its index. Events may be none: an index counts also when nothing here depends on
 * what it changed.
 *
 * @param forRouters whether routers are told of the index: of what they know, and, without a word more, of policies that only
 *     controllers know, after which a refusal may be none any more. Every controller answers that alike, also one that
 *     sees no event in it, so that all of them tell routers the same indexes
 */
public record ModelUpdate(long index, long previousIndex, boolean forRouters, List<ModelEvent> events) {}
