package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wire.Release;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls a controller's REST API. Blocks; thread-safe. Where a network has several controllers, the next one is asked
 * when one does not answer. After an authentication of this client's own a call that is told that the API Session ended
 * is repeated once in a new one. Errors are {@link ApiRefusal} or {@link AdministratorsOnly} (the controller answered) or
 * another {@link IOException} (it did not). Source: SDK sheet 2.
 */
public final class ControllerClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGE = 500;
    /** Most entries that {@link #all} collects; a longer list has to be asked for with a filter. */
    private static final int MOST = 100_000;

    /** A part of the REST API, by its path. */
    public enum Api {
        CLIENT("/edge/client/v1"),
        MANAGEMENT("/edge/management/v1"),
        FABRIC("/fabric/v1");

        private final String path;

        Api(String path) {
            this.path = path;
        }
    }

    @FunctionalInterface
    private interface Login {
        ApiSession again() throws IOException;
    }

    /**
     * Part of a list.
     *
     * @param total entries of the whole list
     */
    public record Page(List<JsonNode> entries, int total) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    private final List<URI> controllers;
    private final Http http;
    private volatile int current;
    private volatile @Nullable String token;
    private volatile @Nullable Login login;
    private volatile Consumer<ApiSession> begun = session -> {};

    private ControllerClient(List<URI> controllers, Http http) {
        this.controllers = List.copyOf(controllers);
        this.http = http;
    }

    /** A client that shows the identity's certificate. */
    public static ControllerClient of(IdentityFile identity) {
        return of(identity, TIMEOUT);
    }

    /** Likewise; no call takes longer than {@code timeout} at one controller. */
    public static ControllerClient of(IdentityFile identity, Duration timeout) {
        return new ControllerClient(
                identity.controllers(), new Http(Tls.trusting(identity.trust(), identity), timeout));
    }

    /** A client without certificate, for logins by password. */
    public static ControllerClient of(URI controller, List<X509Certificate> trust) {
        URI base = URI.create(controller.getScheme() + "://" + controller.getAuthority());
        return new ControllerClient(List.of(base), new Http(Tls.trusting(trust, null), TIMEOUT));
    }

    /** Base address of the controller that answered last. */
    public URI controller() {
        return controllers.get(current);
    }

    /** Opens an API Session with the identity's certificate. */
    public ApiSession authenticate() throws IOException {
        ObjectNode body = Http.JSON.createObjectNode();
        body.putArray("configTypes").add("all");
        body.putObject("sdkInfo").put("type", "postern").put("version", Release.NUMBER);
        body.putObject("envInfo")
                .put("os", System.getProperty("os.name"))
                .put("arch", System.getProperty("os.arch"))
                .put("osRelease", System.getProperty("os.version"));
        return authenticate(Api.CLIENT, "cert", body);
    }

    /** Opens an administrator's API Session. */
    public ApiSession authenticate(String user, String password) throws IOException {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("username", user).put("password", password);
        return authenticate(Api.MANAGEMENT, "password", body);
    }

    private ApiSession authenticate(Api api, String method, ObjectNode body) throws IOException {
        JsonNode answer = call("POST", api, "/authenticate?method=" + method, body.toString(), null);
        ApiSession session = ApiSession.of(answer.path("data"));
        token = session.token();
        login = () -> authenticate(api, method, body);
        begun.accept(session);
        return session;
    }

    /** Told of each API Session that is opened, those among them that replace one that ended; before it is used. */
    void whenBegun(Consumer<ApiSession> told) {
        begun = told;
    }

    /** Goes on in an API Session that was opened before; it is not replaced when it ends. */
    public void resume(String apiSessionToken) {
        token = apiSessionToken;
        login = null;
    }

    /**
     * Goes on in an API Session that the identity opened before; opens another one when it has ended.
     *
     * @param told of that other one, before it is used
     */
    public void resume(String apiSessionToken, Consumer<ApiSession> told) {
        whenBegun(told);
        token = apiSessionToken;
        login = this::authenticate;
    }

    /** The current API Session; asking extends it, and may bring a fresh token, which is used from then on. */
    public ApiSession current() throws IOException {
        ApiSession session = ApiSession.of(get(Api.CLIENT, "/current-api-session"));
        token = session.token();
        return session;
    }

    /** What {@code GET /version} says. */
    public JsonNode version() throws IOException {
        return call("GET", Api.CLIENT, "/version", null, null).path("data");
    }

    /** The keys that tokens of the network verify with: a JSON Web Key Set. */
    public JsonNode keys() throws IOException {
        Http.Answer answer = ask("GET", "/oidc/keys", null, Map.of("Accept", "application/json"));
        answer.ok();
        return answer.json();
    }

    /** The {@code data} of an object. */
    public JsonNode get(Api api, String path) throws IOException {
        return authorized("GET", api, path, null).path("data");
    }

    /** The {@code data} of the answer to a POST. */
    public JsonNode post(Api api, String path, JsonNode body) throws IOException {
        return authorized("POST", api, path, body.toString()).path("data");
    }

    /** Creates an entity. @return its id */
    public String create(Api api, String path, JsonNode body) throws IOException {
        return post(api, path, body).path("id").asText();
    }

    /** Replaces all fields of what is at a path. Blocks; fails with {@link ApiRefusal} when the controller refuses. */
    public void put(Api api, String path, JsonNode body) throws IOException {
        authorized("PUT", api, path, body.toString());
    }

    /** Changes the fields that the body names and no other. Fails like {@link #put}. */
    public void patch(Api api, String path, JsonNode body) throws IOException {
        authorized("PATCH", api, path, body.toString());
    }

    /** Deletes what is at a path. Fails like {@link #put}. */
    public void delete(Api api, String path) throws IOException {
        authorized("DELETE", api, path, null);
    }

    /** One page of a list; parameters such as {@code filter}, {@code limit}, {@code offset}, {@code configTypes}. */
    public Page list(Api api, String path, Map<String, String> parameters) throws IOException {
        JsonNode answer = authorized("GET", api, path + query(parameters), null);
        List<JsonNode> entries = new ArrayList<>();
        answer.path("data").forEach(entries::add);
        int total = answer.path("meta").path("pagination").path("totalCount").asInt(entries.size());
        return new Page(entries, total);
    }

    /** All pages of a list; the one page that a filter asks for with a {@code skip} or {@code limit} of its own. */
    public List<JsonNode> all(Api api, String path, Map<String, String> parameters) throws IOException {
        if (FilterText.of(parameters.getOrDefault("filter", "")).pages()) {
            Map<String, String> one = new LinkedHashMap<>(parameters);
            one.put("limit", "none"); // the filter's counts where it has one
            return list(api, path, one).entries();
        }
        List<JsonNode> all = new ArrayList<>();
        Map<String, String> page = new LinkedHashMap<>(parameters);
        page.put("limit", String.valueOf(PAGE));
        while (true) {
            page.put("offset", String.valueOf(all.size()));
            Page next = list(api, path, page);
            all.addAll(next.entries());
            if (next.entries().isEmpty() || all.size() >= next.total()) {
                return all;
            }
            if (all.size() > MOST) {
                throw new IOException("the list of " + path + " has more than " + MOST + " entries; use a filter");
            }
        }
    }

    /** The one entry of a list whose name (or id) is this. */
    public Optional<JsonNode> find(Api api, String path, String nameOrId) throws IOException {
        String quoted = quote(nameOrId);
        Map<String, String> filter = Map.of("filter", "id = " + quoted + " or name = " + quoted, "limit", "2");
        List<JsonNode> found = list(api, path, filter).entries();
        return found.stream()
                .filter(entry -> entry.path("id").asText().equals(nameOrId))
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    /** A text as a literal of the filter language. */
    public static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private JsonNode authorized(String method, Api api, String path, @Nullable String body) throws IOException {
        String used = token;
        try {
            return call(method, api, path, body, used);
        } catch (ApiRefusal refusal) {
            if (!refusal.unauthorized()) {
                throw refusal;
            }
            refuseWhoIsKnown(api, used, refusal);
            Login again = login;
            if (again == null) {
                throw refusal;
            }
            synchronized (this) {
                if (java.util.Objects.equals(used, token)) {
                    again.again();
                }
            }
        }
        String fresh = token;
        try {
            return call(method, api, path, body, fresh);
        } catch (ApiRefusal refusal) {
            if (refusal.unauthorized()) {
                refuseWhoIsKnown(api, fresh, refusal);
            }
            throw refusal;
        }
    }

    /** A controller says the same to a stranger and to whoever is no administrator: only the first one needs another login. */
    private void refuseWhoIsKnown(Api api, @Nullable String session, ApiRefusal refusal) throws IOException {
        if (api == Api.CLIENT || session == null) {
            return;
        }
        JsonNode who;
        try {
            who = call("GET", Api.CLIENT, "/current-identity", null, session).path("data");
        } catch (ApiRefusal stranger) {
            return;
        }
        if (!who.path("isAdmin").asBoolean(true)) {
            throw new AdministratorsOnly(who.path("name").asText(), refusal);
        }
    }

    private JsonNode call(String method, Api api, String path, @Nullable String body, @Nullable String session)
            throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        if (session != null) {
            headers.put("zt-session", session);
        }
        Http.Answer answer = ask(method, api.path + path, body, headers);
        answer.ok();
        return answer.json();
    }

    /** Asks the controllers in turn, beginning with the one that answered last. */
    private Http.Answer ask(String method, String path, @Nullable String body, Map<String, String> headers)
            throws IOException {
        int first = current;
        for (int i = 0; ; i++) {
            int index = (first + i) % controllers.size();
            URI address = URI.create(controllers.get(index) + path);
            try {
                Http.Answer answer = http.call(method, address, body, headers);
                current = index;
                return answer;
            } catch (ConnectException | HttpConnectTimeoutException e) {
                if (i + 1 >= controllers.size()) {
                    String all = controllers.stream().map(URI::toString).collect(Collectors.joining(" or "));
                    throw new NoAnswer(all, Words.of(e));
                }
            } catch (IOException e) {
                // It may have done what was asked, so it is not asked of another one; the next call is.
                current = (index + 1) % controllers.size();
                throw e;
            }
        }
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20")));
        return query.toString();
    }

    @Override
    public void close() {
        http.close();
    }
}
