package io.postern.controller.testing;

import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Reads tokens as their holders may: without a look at the signature. */
public final class Tokens {
    private Tokens() {}

    /** The claims of a signed token. */
    public static Map<String, Object> claims(String token) throws JoseException {
        JsonWebSignature signed = (JsonWebSignature) JsonWebSignature.fromCompactSerialization(token);
        return JsonUtil.parseJson(signed.getUnverifiedPayload());
    }
}
