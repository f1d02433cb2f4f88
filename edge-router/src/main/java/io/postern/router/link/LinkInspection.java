package io.postern.router.link;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** Links as stock routers show them to {@code inspect}. */
final class LinkInspection {
    private static final JsonMapper JSON = new JsonMapper();

    private LinkInspection() {}

    static String json(Collection<Link> links) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode rows = root.putArray("links");
        for (Link link : links) {
            rows.addObject()
                    .put("id", link.id)
                    .put("iteration", link.iteration)
                    .put("key", link.key.toString())
                    .put("split", false)
                    .put("protocol", link.key.protocol())
                    .put("dialAddress", link.dialAddress)
                    .put("dest", link.routerId())
                    .put("dialed", link.dialled);
        }
        return root.toString();
    }
}
