package io.postern.controller.client;

import io.postern.api.Paging;
import java.util.List;

/** Pages of lists that are in memory anyway. */
final class Pages {
    private Pages() {}

    static <T> List<T> slice(List<T> all, Paging paging) {
        return all.stream().skip(paging.offset()).limit(paging.rows()).toList();
    }
}
