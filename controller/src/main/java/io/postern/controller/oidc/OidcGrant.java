package io.postern.controller.oidc;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.List;

/**
 * What an API Session that was begun by OIDC is given tokens by.
 *
 * @param nonce the client's word for its login, told back in id tokens
 */
record OidcGrant(String apiSessionId, OidcClient client, List<String> scopes, String nonce, Instant authenticatedAt) {
    OidcGrant {
        scopes = List.copyOf(scopes);
    }

    boolean isRefreshable() {
        return scopes.contains("offline_access");
    }

    static OidcGrant read(Row row) {
        return new OidcGrant(
                row.getString(0),
                new OidcClient(row.getString(1)),
                List.of(row.getArrayOfStrings(2)),
                row.getString(3),
                row.getOffsetDateTime(4).toInstant());
    }
}
