package io.postern.fabric.path;

/** Which terminators come first whatever they cost. The band is added to the cost. Source: fabric sheet 4.1. */
public enum Precedence {
    DEFAULT(0x3FFFFFFFL),
    REQUIRED(0),
    FAILED(0x7FFFFFFFL);

    /** Width of a band: costs are cut off at it. */
    static final long BAND = 1L << 30;

    private final long floor;

    Precedence(long floor) {
        this.floor = floor;
    }

    /** Precedence beats cost: the most expensive of a band costs less than the cheapest of the next. */
    public long weigh(long cost) {
        return floor + Math.min(Math.max(0, cost), BAND - 1);
    }

    /** By the number used on the wire; unknown numbers are the default. */
    public static Precedence ofNumber(int number) {
        return number >= 0 && number < values().length ? values()[number] : DEFAULT;
    }

    /** By the word used in REST, in lower case; anything else is the default. */
    public static Precedence ofWord(String word) {
        return switch (word) {
            case "required" -> REQUIRED;
            case "failed" -> FAILED;
            default -> DEFAULT;
        };
    }

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
