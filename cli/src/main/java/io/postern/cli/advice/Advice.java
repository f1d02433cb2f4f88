package io.postern.cli.advice;

import io.postern.cli.advice.Gap.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an identity reaches a service. Mending commands name the one identity and the one service: a role attribute would let others in as well.
 *
 * @param gaps all that is missing, in the order in which a dial meets it; none when it does
 */
record Advice(Facts facts, List<Gap> gaps) {
    static Advice of(Facts facts) {
        List<Gap> gaps = new ArrayList<>();
        if (facts.disabled()) {
            gaps.add(new Gap(
                    Kind.IDENTITY_DISABLED,
                    "Identity " + facts.identity() + " is disabled: it cannot log in.",
                    "enable it: POST /identities/ID/enable, or ask who disabled it"));
        }
        if (!facts.dial()) {
            gaps.add(new Gap(
                    Kind.NO_DIAL_POLICY,
                    "No service policy of type Dial lets " + facts.identity() + " dial " + facts.service() + ".",
                    servicePolicy(facts, "dial", "@" + facts.identity())));
        }
        routers(facts, gaps);
        hosts(facts, gaps);
        return new Advice(facts, List.copyOf(gaps));
    }

    boolean reachable() {
        return gaps.isEmpty();
    }

    private static void routers(Facts facts, List<Gap> gaps) {
        if (facts.identityRouters() == 0) {
            gaps.add(new Gap(
                    Kind.NO_EDGE_ROUTER_POLICY,
                    "No edge-router policy gives " + facts.identity() + " an edge router.",
                    "postern create edge-router-policy " + facts.identity() + "-routers --edge-router-roles '#all'"
                            + " --identity-roles '" + "@" + facts.identity() + "'"));
        }
        if (facts.serviceRouters() == 0) {
            gaps.add(new Gap(
                    Kind.NO_SERVICE_EDGE_ROUTER_POLICY,
                    "No service-edge-router policy lets " + facts.service() + " go over any edge router.",
                    "postern create service-edge-router-policy " + facts.service() + "-routers --edge-router-roles"
                            + " '#all' --service-roles '" + "@" + facts.service()
                            + "'"));
        }
        if (facts.identityRouters() > 0
                && facts.serviceRouters() > 0
                && facts.common().isEmpty()) {
            gaps.add(new Gap(
                    Kind.NO_COMMON_ROUTER,
                    facts.identity() + " may use " + facts.identityRouters() + " edge router(s) and " + facts.service()
                            + " may go over " + facts.serviceRouters() + ", but none is both.",
                    "postern create edge-router-policy " + facts.identity() + "-to-" + facts.service()
                            + " --edge-router-roles '@ROUTER' --identity-roles '@" + facts.identity()
                            + "', with an edge router of the service"));
        } else if (!facts.common().isEmpty() && facts.common().stream().noneMatch(Facts.Router::online)) {
            List<String> names = facts.common().stream().map(Facts.Router::name).toList();
            gaps.add(new Gap(
                    Kind.NO_COMMON_ROUTER_ONLINE,
                    "None of the edge routers that both may use is online: " + String.join(", ", names) + ".",
                    "start one: postern router run CONFIG; 'postern list edge-routers' shows which are online"));
        }
    }

    private static void hosts(Facts facts, List<Gap> gaps) {
        if (facts.terminators().isEmpty()) {
            gaps.add(new Gap(
                    Kind.NOT_HOSTED,
                    "Nobody hosts " + facts.service() + ": it has no terminator.",
                    facts.bind()
                            ? "host it: postern tunnel -i " + facts.identity() + ".json"
                            : servicePolicy(facts, "bind", "@HOST") + ", then host it: postern tunnel -i HOST.json"));
            return;
        }
        List<String> routers = facts.terminators().stream()
                .map(Facts.Terminator::router)
                .distinct()
                .toList();
        if (routers.stream().noneMatch(facts.online()::contains)) {
            gaps.add(new Gap(
                    Kind.HOSTS_OFFLINE,
                    facts.service() + " is hosted behind edge routers that are not online: "
                            + String.join(", ", routers) + ".",
                    "start one of them: postern router run CONFIG"));
        }
    }

    private static String servicePolicy(Facts facts, String type, String identities) {
        return "postern create service-policy " + facts.service() + "-" + type + " --type " + type
                + " --service-roles '" + "@" + facts.service()
                + "' --identity-roles '" + identities + "'";
    }
}
