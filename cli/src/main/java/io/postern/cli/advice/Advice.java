package io.postern.cli.advice;

import io.postern.cli.Screen;
import io.postern.cli.Shell;
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
        String identity = facts.identity().name();
        String service = facts.service().name();
        if (facts.disabled()) {
            gaps.add(new Gap(
                    Kind.IDENTITY_DISABLED,
                    "Identity " + identity + " is disabled: it cannot log in.",
                    "postern update identity " + entity(facts.identity()) + " --enable"));
        }
        if (!facts.dial() && !facts.disabled()) { // no policy counts for a disabled one, whatever there is
            gaps.add(new Gap(
                    Kind.NO_DIAL_POLICY,
                    "No service policy of type Dial lets " + identity + " dial " + service + ".",
                    servicePolicy(facts, "dial", identity, role(facts.identity()))));
        }
        routers(facts, gaps);
        hosts(facts, gaps);
        return new Advice(facts, List.copyOf(gaps));
    }

    boolean reachable() {
        return gaps.isEmpty();
    }

    private static void routers(Facts facts, List<Gap> gaps) {
        String identity = facts.identity().name();
        String service = facts.service().name();
        if (facts.identityRouters() == 0) {
            gaps.add(new Gap(
                    Kind.NO_EDGE_ROUTER_POLICY,
                    "No edge-router policy gives " + identity + " an edge router.",
                    "postern create edge-router-policy " + name(identity + "-routers-" + service)
                            + " --edge-router-roles '#all' --identity-roles " + role(facts.identity())));
        }
        if (facts.serviceRouters() == 0) {
            gaps.add(new Gap(
                    Kind.NO_SERVICE_EDGE_ROUTER_POLICY,
                    "No service-edge-router policy lets " + service + " go over any edge router.",
                    "postern create service-edge-router-policy " + name(service + "-routers-" + identity)
                            + " --edge-router-roles '#all' --service-roles " + role(facts.service())));
        }
        if (facts.identityRouters() > 0
                && facts.serviceRouters() > 0
                && facts.common().isEmpty()) {
            gaps.add(new Gap(
                    Kind.NO_COMMON_ROUTER,
                    identity + " may use " + facts.identityRouters() + " edge router(s) and " + service
                            + " may go over " + facts.serviceRouters() + ", but none is both.",
                    "postern create edge-router-policy " + name(identity + "-to-" + service)
                            + " --edge-router-roles '@ROUTER' --identity-roles " + role(facts.identity())
                            + ", with an edge router of the service"));
        } else if (!facts.common().isEmpty() && facts.common().stream().noneMatch(Facts.Router::online)) {
            List<String> names = facts.common().stream().map(Facts.Router::name).toList();
            gaps.add(new Gap(
                    Kind.NO_COMMON_ROUTER_ONLINE,
                    "None of the edge routers that both may use is online: " + String.join(", ", names) + ".",
                    "start one: postern router run CONFIG; 'postern list edge-routers' shows which are online"));
        }
    }

    private static void hosts(Facts facts, List<Gap> gaps) {
        String service = facts.service().name();
        if (facts.terminators().isEmpty()) {
            gaps.add(new Gap(
                    Kind.NOT_HOSTED,
                    "Nobody hosts " + service + ": it has no terminator.",
                    facts.bind()
                            ? "host it: postern tunnel -i "
                                    + name(facts.identity().name() + ".json")
                            : servicePolicy(facts, "bind", "HOST", "'@HOST'")
                                    + ", then host it: postern tunnel -i HOST.json"));
            return;
        }
        List<String> routers = facts.terminators().stream()
                .map(Facts.Terminator::router)
                .distinct()
                .toList();
        if (routers.stream().noneMatch(facts.online()::contains)) {
            gaps.add(new Gap(
                    Kind.HOSTS_OFFLINE,
                    service + " is hosted behind edge routers that are not online: " + String.join(", ", routers) + ".",
                    "start one of them: postern router run CONFIG"));
        }
    }

    /** Names are unique among policies of a kind: this one's has both ends in it, for others of the service have theirs. */
    private static String servicePolicy(Facts facts, String type, String who, String identities) {
        return "postern create service-policy " + name(facts.service().name() + "-" + type + "-" + who) + " --type "
                + type + " --service-roles " + role(facts.service()) + " --identity-roles " + identities;
    }

    /** A name to be made, as a word of the shell that is no option. */
    private static String name(String text) {
        return Shell.word(text.replaceFirst("^-+", "").replaceAll("\\p{Cntrl}", "-"));
    }

    /** As an argument; by its id where its name would be an option, or nobody could type it. */
    private static String entity(Facts.Named named) {
        return Shell.word(named.name().startsWith("-") || isUnspeakable(named.name()) ? named.id() : named.name());
    }

    /** As a role; a comma would end it. */
    private static String role(Facts.Named named) {
        boolean byId = named.name().contains(",") || isUnspeakable(named.name());
        return Shell.quoted("@" + (byId ? named.id() : named.name()));
    }

    private static boolean isUnspeakable(String name) {
        return !Screen.line(name).equals(name);
    }
}
