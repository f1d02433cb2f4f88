package io.postern.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where something is, relative to the API's prefix: {@code ./services/<id>}. */
public record Link(String href) {
    public static Map<String, Link> self(String collection, String id) {
        return Map.of("self", new Link("./" + collection + "/" + id));
    }

    /** Self and the sub-lists below it. */
    public static Map<String, Link> selfAnd(String collection, String id, List<String> sublists) {
        String self = "./" + collection + "/" + id;
        Map<String, Link> links = new LinkedHashMap<>();
        links.put("self", new Link(self));
        sublists.forEach(sublist -> links.put(sublist, new Link(self + "/" + sublist)));
        return links;
    }
}
