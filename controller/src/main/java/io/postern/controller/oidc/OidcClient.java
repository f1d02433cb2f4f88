package io.postern.controller.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * A public client: programs without a secret, who come back to an address of their own machine (SDK sheet 3.3).
 *
 * @param id {@code native} (Go SDK and command line) or {@code openziti} (JVM and C SDKs)
 */
record OidcClient(String id) {
    static final String NATIVE = "native";
    private static final Set<String> KNOWN = Set.of(NATIVE, "openziti");
    private static final Set<String> OWN_MACHINE = Set.of("localhost", "127.0.0.1");
    private static final String CALLBACK = "/auth/callback";
    private static final int MOST_CHARACTERS = 512;

    static Optional<OidcClient> of(String id) {
        return KNOWN.contains(id) ? Optional.of(new OidcClient(id)) : Optional.empty();
    }

    /** Whether its SDK shows renewed tokens to routers on open Channels and on new ones. */
    boolean tellsRouters() {
        return id.equals(NATIVE);
    }

    /** Whether a code may be sent there: {@code openziti://auth/callback}, or any port of the client's own machine. */
    static boolean mayRedirectTo(String address) {
        if (address.length() > MOST_CHARACTERS) {
            return false;
        }
        try {
            URI uri = new URI(address);
            if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
                return false;
            }
            return switch (String.valueOf(uri.getScheme())) {
                case "openziti" -> address.equals("openziti://auth/callback");
                case "http", "https" -> OWN_MACHINE.contains(uri.getHost()) && CALLBACK.equals(uri.getRawPath());
                default -> false;
            };
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
