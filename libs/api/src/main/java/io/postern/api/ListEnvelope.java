package io.postern.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a list. Stock clients need the pagination of every list (SDK sheet 0, row 6). */
public record ListEnvelope<T>(List<T> data, Meta meta) {
    public record Meta(
            Pagination pagination,
            @JsonInclude(Include.NON_NULL) @Nullable List<String> filterableFields) {}

    /** Numbers as asked for after the paging rules; {@code totalCount} counts what the filter admits. */
    public record Pagination(long limit, long offset, long totalCount) {}

    public static <T> ListEnvelope<T> of(
            List<T> data, Paging paging, long totalCount, @Nullable List<String> filterableFields) {
        return new ListEnvelope<>(
                data, new Meta(new Pagination(paging.limit(), paging.offset(), totalCount), filterableFields));
    }

    /** A list that is not paged: everything is on its one page. */
    public static <T> ListEnvelope<T> whole(List<T> data) {
        return new ListEnvelope<>(data, new Meta(new Pagination(data.size(), 0, data.size()), null));
    }
}
