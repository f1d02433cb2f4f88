package io.postern.fabric.path;

import java.util.List;

/**
 * A new way between the ends of a circuit that exists.
 *
 * @param leave routers of the old path that are not on the new one
 */
public record ReroutePlan(Path path, List<RouterRoute> routes, List<String> leave) {
    /** Marks a reroute, which no attempt number of a dial reaches. Source: fabric sheet 4.5. */
    public static final int ATTEMPT = 99969996;
}
