package io.postern.fabric.path;

/** Why there is no circuit, with a sentence for whoever asked. */
public record Refusal(FailureCause cause, String text) implements Planned {}
