package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** An identity of the runner's own: key, certificate, and a REST client that presents it. */
record Person(String id, KeyManager[] keys, Rest rest) {
    /** The parts of an enrollment token that the cells need. */
    record Claims(String subject, String token) {
        static Claims read(Path jwt) throws IOException {
            String body = Files.readString(jwt).split("\\.")[1];
            JsonNode claims = Rest.parse(new String(Base64.getUrlDecoder().decode(body), StandardCharsets.UTF_8));
            return new Claims(claims.path("sub").asText(), claims.path("jti").asText());
        }
    }

    static Person enroll(World world, Path jwt) throws IOException, GeneralSecurityException {
        Claims claims = Claims.read(jwt);
        KeyPair pair = Keys.ec256();
        Rest.Answer answer = enroll(world, claims.token(), Csr.create(pair, claims.subject(), List.of()));
        Rest.expect("enroll", answer, 200);
        List<? extends Certificate> chain =
                Certificates.parse(answer.data().path("cert").asText());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("id", pair.getPrivate(), new char[0], chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return new Person(
                claims.subject(),
                factory.getKeyManagers(),
                new Rest(world.network().admin().base(), factory.getKeyManagers()));
    }

    static Rest.Answer enroll(World world, String token, @Nullable String csr) {
        Rest plain = new Rest(world.network().admin().base(), null);
        return plain.call(
                "POST",
                Rest.CLIENT + "/enroll?method=ott&token=" + token,
                csr == null ? Csr.create(Keys.ec256(), "nobody", List.of()) : csr,
                "application/x-pem-file",
                Map.of());
    }
}
