package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.client.EnrollmentFailed.Reason;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.Keys;
import io.postern.pki.PkiException;
import io.postern.pki.San;
import io.postern.pki.TrustBundle;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a one-time enrollment token into an identity (method {@code ott}), a person's name and password ({@code updb}) or
 * the certificates of an edge router ({@code erott}). Blocks for a few round trips. Source: SDK sheet 1.2-1.4.
 *
 * <p>Trust grows from the token: who answers at its issuer is believed when the key of the certificate shown there
 * signed the token; then, trusting that key only, the network's trust bundle is fetched.
 */
public final class Enroller {
    private static final String CLIENT_API = "/edge/client/v1";
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Clock clock;
    private final @Nullable URI address;

    public Enroller() {
        this(Clock.systemUTC());
    }

    /** @param clock by which tokens expire */
    public Enroller(Clock clock) {
        this(clock, null);
    }

    private Enroller(Clock clock, @Nullable URI address) {
        this.clock = clock;
        this.address = address;
    }

    /**
     * One that reaches the controller elsewhere than the token says, at a forwarded port, say. Who answers there has to have
     * signed the token all the same; identity files and routers keep the token's own address.
     *
     * @param address {@code https://host:port}
     */
    public Enroller at(URI address) {
        return new Enroller(clock, address);
    }

    /**
     * Enrolls an identity with a fresh P-256 key.
     *
     * @param jwt the token's text
     * @throws EnrollmentFailed with a message for people
     */
    public IdentityFile enroll(String jwt) throws EnrollmentFailed {
        return enroll(jwt, Keys.ec256());
    }

    /** Enrolls an identity with the given key. */
    public IdentityFile enroll(String jwt, KeyPair keys) throws EnrollmentFailed {
        try (Introduced controller = introduce(jwt, "ott")) {
            String csr = Csr.create(keys, controller.token.subject(), List.of());
            JsonNode data = controller.post("ott", "application/x-pem-file", csr);
            String cert = text(data, "cert");
            checkClock(Certificates.parseOne(cert));
            List<String> apis = controllers(data);
            String api = controller.issuer + CLIENT_API;
            return new IdentityFile(api, apis, Keys.toPem(keys.getPrivate()), cert, controller.trustPem(), List.of());
        } catch (PkiException e) {
            throw new EnrollmentFailed(Reason.REFUSED, "The controller's answer cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Enrolls a person: a name and a password instead of a key (method {@code updb}).
     *
     * @param username null for the one that the enrollment was made for
     * @return the name to log in with
     */
    public String enrollPerson(String jwt, @Nullable String username, String password) throws EnrollmentFailed {
        try (Introduced controller = introduce(jwt, "updb")) {
            ObjectNode body = Http.JSON.createObjectNode().put("password", password);
            if (username != null) {
                body.put("username", username);
            }
            return text(controller.post("updb", "application/json", body.toString()), "username");
        } catch (PkiException e) {
            throw new EnrollmentFailed(Reason.REFUSED, "The controller's answer cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Enrolls an edge router with a fresh P-256 key.
     *
     * @param names names and addresses that the router's listeners are reached at; they go into its server certificate
     */
    public RouterEnrollment enrollRouter(String jwt, Collection<San> names) throws EnrollmentFailed {
        try (Introduced controller = introduce(jwt, "erott")) {
            KeyPair keys = Keys.ec256();
            String routerId = controller.token.subject();
            ObjectNode body = Http.JSON.createObjectNode();
            body.put("certCsr", Csr.create(keys, routerId, List.of()));
            body.put("serverCertCsr", Csr.create(keys, routerId, names));
            JsonNode data = controller.post("erott", "application/json", body.toString());
            checkClock(Certificates.parseOne(text(data, "cert")));
            return new RouterEnrollment(
                    routerId,
                    controller.issuer,
                    controller.token.controllers(),
                    Keys.toPem(keys.getPrivate()),
                    text(data, "cert"),
                    text(data, "serverCert"),
                    text(data, "ca"));
        } catch (PkiException e) {
            throw new EnrollmentFailed(Reason.REFUSED, "The controller's answer cannot be used: " + e.getMessage(), e);
        }
    }

    private Introduced introduce(String jwt, String method) throws EnrollmentFailed {
        EnrollmentToken claims = parse(jwt, method);
        URI issuer = issuer(claims);
        URI reached = address == null ? issuer : address;
        X509Certificate leaf = probe(reached);
        try {
            EnrollmentToken.verify(jwt, leaf.getPublicKey());
        } catch (PkiException e) {
            throw new EnrollmentFailed(
                    Reason.NOT_TRUSTED,
                    "The server at " + reached + " did not sign this token (" + e.getMessage()
                            + "). Either another server answers there, or the controller has a new key since: ask for a"
                            + " new token.",
                    e);
        }
        checkClock(leaf);
        return new Introduced(claims, issuer.toString(), reached.toString(), leaf);
    }

    private EnrollmentToken parse(String jwt, String method) throws EnrollmentFailed {
        EnrollmentToken claims;
        try {
            claims = EnrollmentToken.parse(jwt.strip());
        } catch (PkiException e) {
            throw new EnrollmentFailed(Reason.MALFORMED, "This is no enrollment token: " + e.getMessage(), e);
        }
        if (!claims.method().equals(method)) {
            throw new EnrollmentFailed(
                    Reason.MALFORMED,
                    claims.method().equals("erott")
                            ? "This token is for an edge router: use it with the router's enrollment."
                            : claims.method().equals("ott")
                                    ? "This token is for an identity, not for an edge router."
                                    : "Tokens of method " + claims.method() + " cannot be used here, only " + method);
        }
        Instant now = clock.instant();
        if (claims.expiresAt().map(now::isAfter).orElse(false)) {
            throw new EnrollmentFailed(
                    Reason.EXPIRED,
                    "This token expired at " + claims.expiresAt().get() + " and it is " + now
                            + " on this machine. Ask for a new token, or set the clock if it is wrong.");
        }
        return claims;
    }

    private static URI issuer(EnrollmentToken claims) throws EnrollmentFailed {
        String text = claims.issuer().endsWith("/")
                ? claims.issuer().substring(0, claims.issuer().length() - 1)
                : claims.issuer();
        try {
            URI issuer = URI.create(text);
            if ("https".equals(issuer.getScheme()) && issuer.getHost() != null) {
                return issuer;
            }
        } catch (IllegalArgumentException e) {
            // Same answer as for an address of another kind.
        }
        throw new EnrollmentFailed(Reason.MALFORMED, "The token's issuer is no https address: " + text);
    }

    private static X509Certificate probe(URI address) throws EnrollmentFailed {
        try {
            return Tls.leafAt(address, Duration.ofSeconds(5));
        } catch (IOException e) {
            throw unreachable(address.toString(), e);
        }
    }

    private static EnrollmentFailed unreachable(String address, IOException e) {
        return new EnrollmentFailed(
                Reason.UNREACHABLE,
                "No controller answers at " + address + " (" + Words.of(e)
                        + "). Is it running, and can this machine reach that address?",
                e);
    }

    private void checkClock(X509Certificate certificate) throws EnrollmentFailed {
        Instant now = clock.instant();
        try {
            certificate.checkValidity(java.util.Date.from(now));
        } catch (CertificateException e) {
            throw new EnrollmentFailed(
                    Reason.CLOCK,
                    "It is " + now + " on this machine, but the controller's certificate counts from "
                            + certificate.getNotBefore().toInstant() + " to "
                            + certificate.getNotAfter().toInstant() + ". Set the clock that is wrong.",
                    e);
        }
    }

    private static String text(JsonNode data, String field) throws EnrollmentFailed {
        String text = data.path(field).asText("");
        if (text.isEmpty()) {
            throw new EnrollmentFailed(Reason.REFUSED, "The controller's answer has no " + field + ".");
        }
        return text;
    }

    private static List<String> controllers(JsonNode data) {
        List<String> all = new ArrayList<>();
        for (JsonNode controller : data.path("controllers")) {
            for (JsonNode api : controller.path("apiAddresses").path("edge-client")) {
                if (api.path("version").asText("v1").equals("v1")) {
                    all.add(api.path("url").asText());
                }
            }
        }
        return all.stream().distinct().toList();
    }

    /** A controller that proved to have signed the token, and the network's trust bundle as it gave it. */
    private static final class Introduced implements AutoCloseable {
        private final EnrollmentToken token;
        private final String issuer;
        private final String base;
        private final Http http;
        private @Nullable List<X509Certificate> trust;

        Introduced(EnrollmentToken token, String issuer, String base, X509Certificate leaf) {
            this.token = token;
            this.issuer = issuer;
            this.base = base;
            this.http = new Http(Tls.pinned(leaf.getPublicKey()), TIMEOUT);
        }

        String trustPem() throws EnrollmentFailed {
            if (trust == null) {
                try {
                    URI address = URI.create(base + CLIENT_API + "/.well-known/est/cacerts");
                    trust = TrustBundle.parse(
                            http.call("GET", address, null, Map.of("Accept", "application/pkcs7-mime"))
                                    .ok());
                } catch (ApiRefusal e) {
                    throw refused(e);
                } catch (IOException e) {
                    throw unreachable(base, e);
                }
            }
            return Certificates.toPem(trust);
        }

        JsonNode post(String method, String contentType, String body) throws EnrollmentFailed {
            // The bundle comes first: a token must not be spent when the rest cannot work.
            trustPem();
            URI address = URI.create(base + CLIENT_API + "/enroll?method=" + method + "&token="
                    + URLEncoder.encode(token.token(), StandardCharsets.UTF_8));
            try {
                Http.Answer answer = http.call(
                        "POST", address, body, Map.of("Content-Type", contentType, "Accept", "application/json"));
                answer.ok();
                return answer.json().path("data");
            } catch (ApiRefusal e) {
                throw refused(e);
            } catch (IOException e) {
                throw unreachable(base, e);
            }
        }

        private EnrollmentFailed refused(ApiRefusal e) {
            return switch (e.code()) {
                case "ENROLLMENT_EXPIRED" ->
                    new EnrollmentFailed(
                            Reason.EXPIRED, "The controller says that this token expired. Ask for a new one.", e);
                case "INVALID_ENROLLMENT_TOKEN" ->
                    new EnrollmentFailed(
                            Reason.USED,
                            "The controller does not know this token: it was used already, or withdrawn. Ask for a new"
                                    + " one.",
                            e);
                default -> new EnrollmentFailed(Reason.REFUSED, "The controller refused: " + e.getMessage(), e);
            };
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
