package io.postern.controller.oidc;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks the token endpoint for what.
 *
 * @param fingerprints certificates that the connection proved to have the key of; the leaf, or none
 */
record TokenRequest(Parameters parameters, OidcClient client, List<String> fingerprints, String remoteAddress) {
    private static final String BASIC = "Basic ";

    /** @throws OidcRefusal when the client is not known: it has no secret, it has to say its name only */
    static TokenRequest of(
            Parameters parameters, @Nullable String authorization, List<String> fingerprints, String remoteAddress) {
        String name = authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())
                ? user(authorization.substring(BASIC.length()).strip())
                : parameters.get("client_id");
        OidcClient client = OidcClient.of(name).orElseThrow(() -> OidcRefusal.invalidClient("the client is not known"));
        return new TokenRequest(parameters, client, List.copyOf(fingerprints), remoteAddress);
    }

    @Nullable
    String fingerprint() {
        return fingerprints.isEmpty() ? null : fingerprints.getFirst();
    }

    private static String user(String encoded) {
        try {
            String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon < 0 || colon < text.length() - 1) {
                throw OidcRefusal.invalidClient("public clients have no secret");
            }
            return text.substring(0, colon);
        } catch (IllegalArgumentException e) {
            throw OidcRefusal.invalidClient("the client's name is not base64");
        }
    }
}
