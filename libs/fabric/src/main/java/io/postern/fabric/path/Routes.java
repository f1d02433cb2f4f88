package io.postern.fabric.path;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what each router of a path forwards, both directions. Source: fabric sheet 4.3 step 4. */
final class Routes {
    private Routes() {}

    static List<RouterRoute> along(Path path, PlanRequest.Ends ends, RouterRoute.@Nullable Egress egress) {
        List<RouterRoute> routes = new ArrayList<>();
        int last = path.routers().size() - 1;
        for (int i = 0; i <= last; i++) {
            String back = i == 0 ? ends.ingress() : path.links().get(i - 1);
            String ahead = i == last ? ends.egress() : path.links().get(i);
            var forth = new RouterRoute.Forward(back, ahead, i == last ? RouterRoute.End.END : RouterRoute.End.LINK);
            var home = new RouterRoute.Forward(ahead, back, i == 0 ? RouterRoute.End.START : RouterRoute.End.LINK);
            routes.add(new RouterRoute(path.routers().get(i), List.of(forth, home), i == last ? egress : null));
        }
        return routes;
    }
}
