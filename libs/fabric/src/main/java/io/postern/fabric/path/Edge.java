package io.postern.fabric.path;

/** A link that is up and may carry circuits, in both directions at the same cost (milliseconds plus the static cost). */
public record Edge(String linkId, String oneRouter, String otherRouter, long cost) {}
