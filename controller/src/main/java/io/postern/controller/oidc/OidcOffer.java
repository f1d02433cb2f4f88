package io.postern.controller.oidc;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.access.ClientCertificates;
import io.postern.controller.access.PeerCertificates;
import io.postern.controller.boot.PosternConfig;
import io.postern.pki.Certificates;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Whether OIDC logins are offered, and what a connection says of its client. */
@Singleton
class OidcOffer {
    private final PosternConfig config;
    private final ClientCertificates certificates;

    OidcOffer(PosternConfig config, ClientCertificates certificates) {
        this.config = config;
        this.certificates = certificates;
    }

    /** @throws Refusal {@code NOT_FOUND} when OIDC is switched off */
    void require() {
        if (!config.oidc().enabled()) {
            throw Refusal.of(ErrorCode.NOT_FOUND, "OIDC logins are switched off on this controller");
        }
    }

    /** The fingerprint of a certificate that holds; empty without one. */
    List<String> fingerprints(HttpServerRequest connection, Instant now) {
        var chain = PeerCertificates.of(connection);
        return certificates.refusal(chain, now).isEmpty() ? List.of(Certificates.sha1(chain.getFirst())) : List.of();
    }

    static String remote(HttpServerRequest connection) {
        return connection.remoteAddress() == null
                ? ""
                : connection.remoteAddress().hostAddress();
    }
}
