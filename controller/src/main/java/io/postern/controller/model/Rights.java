package io.postern.controller.model;

import io.postern.controller.model.Entry.PolicyKind;
import java.util.Optional;

/**
 * Who may dial or bind what on which router. Every refusal names the policy that is missing. Pure over the model.
 * Source: fabric sheet 7.3.
 */
public final class Rights {
    private Rights() {}

    /** @return why not; empty when allowed */
    public static Optional<String> refusal(
            NetworkModel model, PolicyKind right, Entry.Identity identity, Entry.Service service, String routerId) {
        if (identity.disabled()) {
            return Optional.of("identity " + named(identity) + " is disabled");
        }
        if (!model.joins(right, identity.id(), service.id())) {
            return Optional.of("no " + (right == PolicyKind.DIAL ? "Dial" : "Bind") + " service policy joins identity "
                    + named(identity) + " with service " + named(service));
        }
        return routerRefusal(model, identity, service, routerId);
    }

    /** The half of the question that a service session has not answered yet. */
    public static Optional<String> routerRefusal(
            NetworkModel model, Entry.Identity identity, Entry.Service service, String routerId) {
        if (!identity.id().equals(routerId) && !model.joins(PolicyKind.EDGE_ROUTER, identity.id(), routerId)) {
            return Optional.of("no edge-router policy joins identity " + named(identity) + " with edge router "
                    + routerNamed(model, routerId));
        }
        if (!model.joins(PolicyKind.SERVICE_EDGE_ROUTER, service.id(), routerId)) {
            return Optional.of("no service-edge-router policy joins service " + named(service) + " with edge router "
                    + routerNamed(model, routerId));
        }
        return Optional.empty();
    }

    private static String named(Entry.Identity identity) {
        return "'" + identity.name() + "' (" + identity.id() + ")";
    }

    private static String named(Entry.Service service) {
        return "'" + service.name() + "' (" + service.id() + ")";
    }

    private static String routerNamed(NetworkModel model, String routerId) {
        return model.find(Entry.Router.class, routerId)
                .map(router -> "'" + router.name() + "' (" + routerId + ")")
                .orElse(routerId);
    }
}
