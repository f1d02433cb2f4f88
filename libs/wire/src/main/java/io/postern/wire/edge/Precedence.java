package io.postern.wire.edge;

/** How much a terminator is preferred; the place in this list is the number on the wire. SDK sheet 5.2. */
public enum Precedence {
    DEFAULT,
    REQUIRED,
    FAILED;

    public static Precedence of(int number) {
        return number >= 0 && number < values().length ? values()[number] : DEFAULT;
    }
}
