package io.postern.controller.oidc;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a client asks at the beginning of a login.
 *
 * @param codeChallenge SHA-256 of the verifier that the client keeps, base64url
 */
record AuthorizeRequest(
        OidcClient client, String redirectUri, List<String> scopes, String state, String nonce, String codeChallenge) {
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int MOST_CHARACTERS = 512;
    private static final int MOST_SCOPES = 16;

    AuthorizeRequest {
        scopes = List.copyOf(scopes);
    }

    /** Whether the request holds. */
    sealed interface Outcome {
        /** It does. */
        record Accepted(AuthorizeRequest request) implements Outcome {}

        /** It does not, and the client hears so at its own address. */
        record Returned(String redirectUri, String state, String error, String description) implements Outcome {}
    }

    /** @throws OidcRefusal when nobody is there to be sent back to */
    static Outcome read(Parameters parameters) {
        OidcClient client = OidcClient.of(parameters.get("client_id"))
                .orElseThrow(() -> OidcRefusal.invalidRequest("client_id is not known"));
        String redirectUri = parameters.get("redirect_uri");
        if (!OidcClient.mayRedirectTo(redirectUri)) {
            throw OidcRefusal.invalidRequest("redirect_uri is not one of the client's");
        }
        String state = parameters.get("state");
        String nonce = parameters.get("nonce");
        if (state.length() > MOST_CHARACTERS || nonce.length() > MOST_CHARACTERS) {
            throw OidcRefusal.invalidRequest("state and nonce have at most " + MOST_CHARACTERS + " characters");
        }
        if (!parameters.get("response_type").equals("code")) {
            return new Outcome.Returned(
                    redirectUri, state, "unsupported_response_type", "response_type in query should be code");
        }
        String challenge = parameters.get("code_challenge");
        if (!parameters.get("code_challenge_method").equals("S256")
                || !CHALLENGE.matcher(challenge).matches()) {
            return new Outcome.Returned(
                    redirectUri, state, "invalid_request", "code_challenge with method S256 is required");
        }
        List<String> scopes = scopes(parameters.get("scope"));
        if (scopes.size() > MOST_SCOPES || scopes.stream().anyMatch(scope -> scope.length() > 64)) {
            return new Outcome.Returned(redirectUri, state, "invalid_scope", "there are too many scopes");
        }
        return new Outcome.Accepted(new AuthorizeRequest(client, redirectUri, scopes, state, nonce, challenge));
    }

    private static List<String> scopes(String text) {
        List<String> asked = Stream.of(text.split(" "))
                .filter(scope -> !scope.isEmpty())
                .distinct()
                .toList();
        return asked.isEmpty() ? List.of("openid") : asked;
    }
}
