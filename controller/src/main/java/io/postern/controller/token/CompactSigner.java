package io.postern.controller.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.postern.controller.pki.KeyEntry;
import io.postern.pki.Keys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;

/**
 * Signs claims as a compact JWT (RFC 7515). Each thread keeps its signature object and the encoded header of the key that
 * it signed with last: beside the signature itself, a fifth of a millisecond would go into finding them again. Any thread.
 */
final class CompactSigner {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final ThreadLocal<Prepared> last = new ThreadLocal<>();

    /** @param head the encoded header, with the dot behind it */
    private record Prepared(PrivateKey key, Signature signature, byte[] head) {}

    String sign(KeyEntry key, Map<String, Object> claims) {
        try {
            Prepared prepared = prepared(key);
            byte[] payload = BASE64URL.encode(json(claims));
            Signature signature = prepared.signature();
            signature.update(prepared.head());
            signature.update(payload);
            byte[] signed = BASE64URL.encode(signature.sign());
            byte[] head = prepared.head();
            byte[] token = new byte[head.length + payload.length + 1 + signed.length];
            System.arraycopy(head, 0, token, 0, head.length);
            System.arraycopy(payload, 0, token, head.length, payload.length);
            token[head.length + payload.length] = '.';
            System.arraycopy(signed, 0, token, head.length + payload.length + 1, signed.length);
            return new String(token, StandardCharsets.ISO_8859_1);
        } catch (GeneralSecurityException e) {
            last.remove();
            throw new IllegalStateException("token cannot be signed", e);
        }
    }

    private Prepared prepared(KeyEntry entry) throws GeneralSecurityException {
        Prepared known = last.get();
        if (known != null && known.key() == entry.key()) {
            return known;
        }
        String algorithm = Keys.jwsAlgorithm(entry.key());
        Signature signature = Signature.getInstance(jcaName(algorithm));
        signature.initSign(entry.key());
        byte[] header = json(Map.of("alg", algorithm, "kid", entry.kid(), "typ", "JWT"));
        byte[] head = (BASE64URL.encodeToString(header) + ".").getBytes(StandardCharsets.ISO_8859_1);
        Prepared prepared = new Prepared(entry.key(), signature, head);
        last.set(prepared);
        return prepared;
    }

    /** JWS wants the two numbers of an ECDSA signature bare, side by side. */
    private static String jcaName(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> "SHA256withECDSAinP1363Format";
            case "ES384" -> "SHA384withECDSAinP1363Format";
            case "ES512" -> "SHA512withECDSAinP1363Format";
            case "RS256" -> "SHA256withRSA";
            default -> throw new IllegalArgumentException("no token is signed with " + algorithm);
        };
    }

    private static byte[] json(Map<String, Object> claims) {
        var bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            write(out, claims);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case String text -> out.writeString(text);
            case Boolean truth -> out.writeBoolean(truth);
            case Integer whole -> out.writeNumber(whole);
            case Long whole -> out.writeNumber(whole);
            case Collection<?> all -> {
                out.writeStartArray();
                for (Object each : all) {
                    write(out, each);
                }
                out.writeEndArray();
            }
            case Map<?, ?> members -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    out.writeFieldName(String.valueOf(member.getKey()));
                    write(out, member.getValue());
                }
                out.writeEndObject();
            }
            default -> throw new IllegalArgumentException("no claim is a " + value.getClass());
        }
    }
}
