package io.postern.api.filter;

import io.postern.api.ErrorCode;
import io.postern.api.Paging;
import io.postern.api.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller asks of a list: which rows, in which order, which slice. */
public record ListQuery(Filter filter, List<Sort> sorts, Paging paging) {
    /** Longer texts are refused before they are read. */
    public static final int MAX_TEXT = 8_192;

    public static final ListQuery FIRST_PAGE = new ListQuery(Filter.ALL, List.of(), Paging.FIRST);
    public static final ListQuery EVERYTHING = new ListQuery(Filter.ALL, List.of(), Paging.ALL);

    /**
     * Reads the four URL parameters. A sort, skip or limit inside the filter wins over its parameter.
     *
     * @throws Refusal {@code INVALID_FILTER}, {@code INVALID_SORT_IDENTIFIER} or {@code INVALID_PAGINATION}
     */
    public static ListQuery of(
            @Nullable String filter, @Nullable String sort, @Nullable String limit, @Nullable String offset) {
        Paging asked = Paging.parse(limit, offset);
        FilterParser.Parsed parsed = FilterParser.parse(bounded(filter, ErrorCode.INVALID_FILTER));
        List<Sort> sorts = parsed.sorts().isEmpty()
                ? FilterParser.sorts(bounded(sort, ErrorCode.INVALID_SORT_IDENTIFIER))
                : parsed.sorts();
        Paging paging = Paging.of(
                parsed.limit() != null ? parsed.limit() : asked(asked.limit()),
                parsed.skip() != null ? parsed.skip() : Long.valueOf(asked.offset()));
        return new ListQuery(parsed.filter(), sorts, paging);
    }

    private static Long asked(long limit) {
        return limit == Paging.NONE ? -1L : limit;
    }

    private static String bounded(@Nullable String text, ErrorCode code) {
        if (text != null && text.length() > MAX_TEXT) {
            throw Refusal.of(code, "the text is longer than " + MAX_TEXT + " characters");
        }
        return text == null ? "" : text;
    }
}
