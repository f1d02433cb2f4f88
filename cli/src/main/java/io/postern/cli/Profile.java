package io.postern.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.pki.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A login that was stored: which controller, whom it trusts, and either the API Session's token or the identity that
 * opens a new one. Kept readable by its owner only.
 *
 * @param ca PEM of the trust bundle
 * @param identity identity file; null for a login by password
 * @param wsProxy address of the network's ws-proxy; null while it is not known
 * @param wsProxyCa PEM that ws-proxy's certificate comes from, where it is neither the network nor a public authority
 */
public record Profile(
        URI controller,
        String ca,
        String user,
        String token,
        @Nullable Path identity,
        @Nullable URI wsProxy,
        @Nullable String wsProxyCa) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** {@code $POSTERN_PROFILE}, else {@code ~/.config/postern/profile.json}. */
    public static Path file() {
        String named = System.getenv("POSTERN_PROFILE");
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        String base = System.getenv("XDG_CONFIG_HOME");
        Path folder =
                base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(base);
        return folder.resolve("postern").resolve("profile.json");
    }

    public static Profile read() throws IOException {
        Path file = file();
        if (!Files.exists(file)) {
            throw new Failure(Failure.NOT_LOGGED_IN, "Not logged in: run 'postern login URL' first.");
        }
        JsonNode root = JSON.readTree(file.toFile());
        String identity = root.path("identity").asText("");
        String wsProxy = root.path("wsProxy").asText("");
        return new Profile(
                URI.create(root.path("controller").asText()),
                root.path("ca").asText(),
                root.path("user").asText(),
                root.path("token").asText(),
                identity.isEmpty() ? null : Path.of(identity),
                wsProxy.isEmpty() ? null : URI.create(wsProxy),
                root.hasNonNull("wsProxyCa") ? root.path("wsProxyCa").asText() : null);
    }

    /** The same login with another token of it. */
    public Profile withToken(String fresh) {
        return new Profile(controller, ca, user, fresh, identity, wsProxy, wsProxyCa);
    }

    /** The same login, with the ws-proxy at this address. */
    Profile withWsProxy(@Nullable URI address, @Nullable String authority) {
        return new Profile(controller, ca, user, token, identity, address, authority);
    }

    public void write() throws IOException {
        write(file());
    }

    void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("controller", controller.toString())
                .put("user", user)
                .put("token", token)
                .put("ca", ca);
        if (identity != null) {
            root.put("identity", identity.toString());
        }
        if (wsProxy != null) {
            root.put("wsProxy", wsProxy.toString());
        }
        if (wsProxyCa != null) {
            root.put("wsProxyCa", wsProxyCa);
        }
        IdentityFile.writePrivate(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /** A client that goes on in the stored API Session, or opens a new one with the identity. */
    ControllerClient connect() throws IOException {
        if (identity != null) {
            ControllerClient client = ControllerClient.of(IdentityFile.read(identity));
            client.authenticate();
            return client;
        }
        ControllerClient client = ControllerClient.of(controller, Certificates.parse(ca));
        client.resume(token);
        return client;
    }

    @Override
    public String toString() {
        return "Profile[" + controller + ", user=" + user + ", token=***]";
    }
}
