package io.postern.controller.identity;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The order in which terminators are preferred. The names are the wire's. */
public enum Precedence {
    @JsonProperty("default")
    DEFAULT("default"),
    @JsonProperty("required")
    REQUIRED("required"),
    @JsonProperty("failed")
    FAILED("failed");

    private final String wire;

    Precedence(String wire) {
        this.wire = wire;
    }

    public static Precedence of(String wire) {
        return valueOf(wire.toUpperCase(java.util.Locale.ROOT));
    }

    public String wire() {
        return wire;
    }

    @Override
    public String toString() {
        return wire;
    }
}
