package io.postern.api.filter;

/** One key of a sort order. */
public record Sort(String symbol, boolean descending) {}
