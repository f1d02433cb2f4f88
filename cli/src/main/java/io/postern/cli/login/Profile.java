package io.postern.cli.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Failure;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.pki.Certificates;
import java.io.IOException;
import java.net.URI;
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

    /** The login to work with. Fails with how to get one. */
    public static Profile read() throws IOException {
        return Profiles.here().get();
    }

    static Profile read(Path file) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(file.toFile());
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            // The parser's own text would quote the file, which holds a token.
            throw new Failure(Failure.FILE, "The profile " + file + " is damaged: remove it and log in again.");
        }
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

    /** Keeps what changed, where this login came from. */
    public void write() throws IOException {
        Profiles.here().replace(this);
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
    public ControllerClient connect() throws IOException {
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
