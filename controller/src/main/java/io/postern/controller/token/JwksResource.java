package io.postern.controller.token;

import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import io.postern.pki.Keys;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** The public keys that tokens verify with; every one that is still good, so that keys rotate without a gap. */
@Path("/oidc/keys")
@Produces(MediaType.APPLICATION_JSON)
public class JwksResource {
    private final Pki pki;

    JwksResource(Pki pki) {
        this.pki = pki;
    }

    /** A JSON Web Key Set. */
    public record KeySet(List<Map<String, Object>> keys) {}

    @GET
    public KeySet keys() {
        return new KeySet(pki.jwtKeys().stream().map(JwksResource::key).toList());
    }

    private static Map<String, Object> key(KeyEntry entry) {
        try {
            var key = PublicJsonWebKey.Factory.newPublicJwk(entry.certificate().getPublicKey());
            var json = new LinkedHashMap<String, Object>();
            json.put("use", "sig");
            json.put("kid", entry.kid());
            json.put("alg", Keys.jwsAlgorithm(entry.key()));
            json.putAll(key.toParams(org.jose4j.jwk.JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
            return json;
        } catch (JoseException e) {
            throw new IllegalStateException("public key cannot be shown", e);
        }
    }
}
