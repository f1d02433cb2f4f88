package io.postern.controller.kernel;

/** The draft of kinds that no administrator writes: they come with the network, or with what clients do. */
public record NoDraft() {}
