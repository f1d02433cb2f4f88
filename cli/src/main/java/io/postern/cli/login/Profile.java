package io.postern.cli.login;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Failure;
import io.postern.client.ApiSession;
import io.postern.client.ControllerClient;
import io.postern.client.IdentityFile;
import io.postern.pki.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A login that was stored: which controller, whom it trusts, and either the API Session's token or the identity that
 * opens a new one. Kept readable by its owner only.
 *
 * @param ca PEM of the trust bundle
 * @param identity identity file; null for a login by password
 * @param certificate SHA-1 of the identity's certificate that opened the API Session; null where that is not known
 * @param wsProxy address of the network's ws-proxy; null while it is not known
 * @param wsProxyCa PEM that ws-proxy's certificate comes from, where it is neither the network nor a public authority
 */
public record Profile(
        URI controller,
        String ca,
        String user,
        String token,
        @Nullable Path identity,
        @Nullable String certificate,
        @Nullable URI wsProxy,
        @Nullable String wsProxyCa) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The login to work with. Fails with how to get one. */
    public static Profile read() throws IOException {
        return Profiles.here().get();
    }

    static Profile read(Path file) throws IOException {
        try {
            return of(JSON.readTree(file.toFile()));
        } catch (JacksonException | IllegalArgumentException e) {
            // The parser's own text would quote the file, which holds a token.
            throw new Failure(Failure.FILE, "The profile " + file + " is damaged: remove it and log in again.");
        }
    }

    /** @throws IllegalArgumentException when it is no login */
    private static Profile of(JsonNode root) {
        URI controller = URI.create(root.path("controller").asText());
        if (controller.getHost() == null) {
            throw new IllegalArgumentException("no controller");
        }
        String identity = root.path("identity").asText("");
        String wsProxy = root.path("wsProxy").asText("");
        return new Profile(
                controller,
                root.path("ca").asText(),
                root.path("user").asText(),
                root.path("token").asText(),
                identity.isEmpty() ? null : Path.of(identity),
                root.hasNonNull("certificate") ? root.path("certificate").asText() : null,
                wsProxy.isEmpty() ? null : URI.create(wsProxy),
                root.hasNonNull("wsProxyCa") ? root.path("wsProxyCa").asText() : null);
    }

    /** A login with an identity file. */
    static Profile of(Path file, IdentityFile identity, URI controller, ApiSession session) {
        return new Profile(
                controller,
                identity.ca(),
                session.identityName(),
                session.token(),
                file.toAbsolutePath(),
                fingerprint(identity),
                null,
                null);
    }

    private static String fingerprint(IdentityFile identity) {
        return Certificates.sha1(identity.certificates().getFirst());
    }

    /** The same login, with the ws-proxy at this address. */
    Profile withWsProxy(@Nullable URI address, @Nullable String authority) {
        return new Profile(controller, ca, user, token, identity, certificate, address, authority);
    }

    /** The same login of an identity in a fresh API Session, which the commands that follow go on in. */
    public Profile renewed(IdentityFile known, String fresh) {
        Profile next = new Profile(controller, ca, user, fresh, identity, fingerprint(known), wsProxy, wsProxyCa);
        try {
            Profiles.here().replace(this, next);
        } catch (IOException | Failure e) {
            // It is good for this command all the same.
        }
        return next;
    }

    /** Is it the same login, in whatever API Session? */
    boolean isSameAs(Profile other) {
        return controller.equals(other.controller)
                && user.equals(other.user)
                && Objects.equals(identity, other.identity);
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
        if (certificate != null) {
            root.put("certificate", certificate);
        }
        if (wsProxy != null) {
            root.put("wsProxy", wsProxy.toString());
        }
        if (wsProxyCa != null) {
            root.put("wsProxyCa", wsProxyCa);
        }
        IdentityFile.writePrivate(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /**
     * A client that goes on in the stored API Session. Where that has ended, or was another certificate's, an identity opens a
     * new one, which is stored.
     */
    public ControllerClient connect() throws IOException {
        if (identity != null) {
            IdentityFile known = IdentityFile.read(identity);
            ControllerClient client = ControllerClient.of(known);
            client.resume(token, session -> renewed(known, session.token()));
            if (token.isEmpty() || !fingerprint(known).equals(certificate)) {
                client.authenticate();
            }
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
