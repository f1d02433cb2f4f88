package io.postern.api;

import org.jspecify.annotations.Nullable;

/**
 * The slice of a list that is asked for (SDK sheet 2.4).
 *
 * @param limit rows at most; {@link #NONE} for all there are
 * @param offset rows left out at the front, 0 to {@link #MAX_OFFSET}
 */
public record Paging(long limit, long offset) {
    /** No limit was asked for ({@code limit=none}). */
    public static final long NONE = Long.MAX_VALUE;
    /** Where the caller gives none, zero, or less than -1. */
    public static final long DEFAULT_LIMIT = 10;
    /** More is cut to this. */
    public static final long MAX_LIMIT = 500;
    /** More is cut to this. */
    public static final long MAX_OFFSET = 100_000;
    /** Not even {@code limit none} makes the controller hold more rows than this. */
    public static final int MOST_ROWS = 100_000;

    public static final Paging FIRST = new Paging(DEFAULT_LIMIT, 0);
    public static final Paging ALL = new Paging(NONE, 0);

    /** Applies the rules to what the caller wrote; null means not given. */
    public static Paging of(@Nullable Long limit, @Nullable Long offset) {
        return new Paging(ruledLimit(limit), ruledOffset(offset));
    }

    /** The URL's parameters; text that is no number is refused. */
    public static Paging parse(@Nullable String limit, @Nullable String offset) {
        return of("none".equalsIgnoreCase(limit) ? Long.valueOf(-1) : number("limit", limit), number("offset", offset));
    }

    /** The number of rows to read for this page. */
    public int rows() {
        return (int) Math.min(limit, MOST_ROWS);
    }

    private static long ruledLimit(@Nullable Long limit) {
        if (limit == null || limit == 0 || limit < -1) {
            return DEFAULT_LIMIT;
        }
        return limit == -1 ? NONE : Math.min(limit, MAX_LIMIT);
    }

    private static long ruledOffset(@Nullable Long offset) {
        return offset == null ? 0 : Math.clamp(offset, 0, MAX_OFFSET);
    }

    private static @Nullable Long number(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw Refusal.field(ErrorCode.INVALID_PAGINATION, name, name + " must be a whole number", text);
        }
    }
}
