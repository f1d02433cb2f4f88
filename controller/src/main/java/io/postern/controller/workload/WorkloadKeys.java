package io.postern.controller.workload;

import io.postern.pki.Certificates;
import io.postern.pki.KeyStores;
import io.postern.pki.PkiException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The public keys of the tokens' issuer, fetched when a token names one that is not known, and at most every
 * {@link #PATIENCE}, so that made-up key ids cause no traffic. Blocks; thread-safe.
 */
final class WorkloadKeys {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST = 256 * 1024;

    private final WorkloadConfig config;
    private List<JsonWebKey> known = List.of();
    private Instant fetched = Instant.EPOCH;

    WorkloadKeys(WorkloadConfig config) {
        this.config = config;
    }

    /** @throws IOException when the keys cannot be had */
    synchronized List<JsonWebKey> with(String keyId, Instant now) throws IOException {
        boolean isKnown = known.stream().anyMatch(key -> keyId.equals(key.getKeyId()));
        if (!isKnown && !now.isBefore(fetched.plus(PATIENCE))) {
            known = parse(read(config.keys().orElseThrow()));
            fetched = now;
        }
        return known;
    }

    private static List<JsonWebKey> parse(String json) throws IOException {
        try {
            return List.copyOf(new JsonWebKeySet(json).getJsonWebKeys());
        } catch (JoseException e) {
            throw new IOException("postern.workload.keys holds no JSON Web Key Set");
        }
    }

    private String read(String place) throws IOException {
        return place.startsWith("https://") ? fetch(URI.create(place)) : Files.readString(Path.of(place));
    }

    private String fetch(URI place) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(place).timeout(TIMEOUT);
        if (config.keysTokenFile().isPresent()) {
            String token =
                    Files.readString(Path.of(config.keysTokenFile().get())).strip();
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = client()) {
            HttpResponse<java.io.InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                byte[] bytes = body.readNBytes(LONGEST);
                if (answer.statusCode() != 200) {
                    throw new IOException(place + " answers " + answer.statusCode());
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + place);
        }
    }

    private HttpClient client() throws IOException {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(TIMEOUT);
        if (config.keysCa().isPresent()) {
            client.sslContext(trusting(Path.of(config.keysCa().get())));
        }
        return client.build();
    }

    private static SSLContext trusting(Path file) throws IOException {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, KeyStores.trusting(Certificates.parse(Files.readString(file))), null);
            return tls;
        } catch (GeneralSecurityException | PkiException e) {
            throw new IOException("postern.workload.keys-ca: " + file + " holds no certificates that can be read");
        }
    }
}
