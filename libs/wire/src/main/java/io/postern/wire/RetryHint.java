package io.postern.wire;

/** What the refused side may do next: header 18 on the control channel, a field of {@link StructuredError}. SDK sheet 5.2. */
public enum RetryHint {
    DEFAULT,
    TOO_BUSY,
    START_OVER,
    NOT_RETRIABLE;

    /** The place in this list is the number on the wire. */
    public int number() {
        return ordinal();
    }

    public static RetryHint of(int number) {
        return number >= 0 && number < values().length ? values()[number] : DEFAULT;
    }
}
