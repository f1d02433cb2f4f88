package io.postern.cli;

import io.postern.client.ControllerClient.Api;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The one table of what can be administered: names, place in the API, and the columns of its lists. */
enum Kind {
    IDENTITY("identities", "name type roleAttributes isAdmin enrolled=authenticators", "id"),
    EDGE_ROUTER("edge-routers", "name isOnline isVerified roleAttributes hostname", "er", "router", "edgerouter"),
    SERVICE("services", "name encryptionRequired terminatorStrategy roleAttributes", "svc"),
    CONFIG("configs", "name type=configType.name"),
    CONFIG_TYPE("config-types", "name"),
    SERVICE_POLICY("service-policies", "name type semantic serviceRoles identityRoles", "sp"),
    EDGE_ROUTER_POLICY("edge-router-policies", "name semantic edgeRouterRoles identityRoles", "erp"),
    SERVICE_EDGE_ROUTER_POLICY("service-edge-router-policies", "name semantic serviceRoles edgeRouterRoles", "serp"),
    TERMINATOR("terminators", "service=service.name router=router.name binding address cost precedence"),
    ENROLLMENT("enrollments", "method identity=identity.name expiresAt"),
    AUTHENTICATOR("authenticators", "method identity=identity.name username fingerprint"),
    API_SESSION("api-sessions", "identity=identity.name ipAddress lastActivityAt", "apisession"),
    SESSION("sessions", "type service=service.name identityId", "network-session"),
    CONSOLE_EVENT(
            "console-events", "at type identity=identityName host container action reason exitCode proxy=proxyName"),
    CIRCUIT(Api.FABRIC, "circuits", "service=service.name path=path.nodes createdAt"),
    LINK(Api.FABRIC, "links", "from=sourceRouter.name to=destRouter.name state cost protocol");

    private final Api api;
    private final String plural;
    private final List<Column> columns;
    private final List<String> aliases;

    /**
     * A column of a table.
     *
     * @param path where the value is, parts joined by dots
     */
    record Column(String title, String path) {
        static Column of(String text) {
            int equals = text.indexOf('=');
            return equals < 0
                    ? new Column(text, text)
                    : new Column(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    /** What a shell completes a kind to. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(Arrays.stream(values()).map(Kind::plural).toList());
        }
    }

    Kind(String plural, String columns, String... aliases) {
        this(Api.MANAGEMENT, plural, columns, aliases);
    }

    Kind(Api api, String plural, String columns, String... aliases) {
        this.api = api;
        this.plural = plural;
        this.columns = Arrays.stream(columns.split(" ")).map(Column::of).toList();
        this.aliases = List.of(aliases);
    }

    Api api() {
        return api;
    }

    String path() {
        return "/" + plural;
    }

    String plural() {
        return plural;
    }

    String singular() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    List<Column> columns() {
        return columns;
    }

    boolean isPolicy() {
        return this == SERVICE_POLICY || this == EDGE_ROUTER_POLICY || this == SERVICE_EDGE_ROUTER_POLICY;
    }

    boolean isNamed() {
        return columns.getFirst().title().equals("name");
    }

    /** Singular, plural or an alias, whatever the case. */
    static Kind of(String word) {
        String wanted = word.toLowerCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(kind -> kind.singular().equals(wanted)
                        || kind.plural.equals(wanted)
                        || kind.aliases.contains(wanted)
                        || kind.plural.replace("-", "").equals(wanted)
                        || kind.singular().replace("-", "").equals(wanted))
                .findFirst()
                .orElseThrow(
                        () -> new Failure(Failure.USAGE, "There is no kind '" + word + "'. Kinds: " + names() + "."));
    }

    static String names() {
        return String.join(", ", Arrays.stream(values()).map(Kind::plural).toList());
    }
}
