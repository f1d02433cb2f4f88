package io.postern.controller.enrollment;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.pki.Pki;
import io.postern.pki.Authority;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.PkiException;
import io.postern.pki.San;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Issues certificates for signing requests, in the shapes of SDK sheet 1.1. Computes; call it off the event loop. */
@Singleton
public class Issuing {
    private static final Duration API_SESSION_CERTIFICATE_LIFE = Duration.ofHours(12);

    private final Pki pki;
    private final String domain;

    Issuing(Pki pki, PosternConfig config) {
        this.pki = pki;
        this.domain = "spiffe://" + config.trustDomain();
    }

    /** The subject is the request's; the names it asks for are replaced by the identity's SPIFFE id. */
    public IssuedIdentity identity(String identityId, @Nullable String csrPem) {
        Csr csr = parse(csrPem);
        Authority signer = pki.signer();
        X509Certificate leaf = signer.client(
                csr, List.of(new San.Uri(domain + "/identity/" + identityId)), pki.now(), Authority.LEAF_LIFE);
        return new IssuedIdentity(
                identityId,
                Certificates.sha1(leaf),
                Certificates.toPem(leaf),
                Certificates.toPem(signer.withIntermediates(leaf)));
    }

    /** A certificate that lasts as long as an API Session may, for identities that have none. */
    public IssuedIdentity apiSession(String identityId, String apiSessionId, String certificateId, String csrPem) {
        Csr csr = parse(csrPem);
        Authority signer = pki.signer();
        var name = new San.Uri(domain + "/identity/" + identityId + "/apiSession/" + apiSessionId
                + "/apiSessionCertificate/" + certificateId);
        X509Certificate leaf = signer.issue(
                csr.publicKey(),
                identityId,
                List.of(name),
                Authority.Usage.CLIENT,
                pki.now(),
                API_SESSION_CERTIFICATE_LIFE);
        return new IssuedIdentity(
                identityId,
                Certificates.sha1(leaf),
                Certificates.toPem(leaf),
                Certificates.toPem(signer.withIntermediates(leaf)));
    }

    /** The client request names the router; the server request brings the names that others dial. */
    public IssuedRouter router(String routerId, @Nullable String clientCsr, @Nullable String serverCsr) {
        if (clientCsr == null || clientCsr.isBlank()) {
            throw Refusal.of(ErrorCode.MISSING_OR_INVALID_CSR, "invalid client CSR");
        }
        if (serverCsr == null || serverCsr.isBlank()) {
            throw Refusal.of(ErrorCode.MISSING_OR_INVALID_CSR, "invalid server CSR");
        }
        Csr client = parse(clientCsr);
        Csr server = parse(serverCsr);
        if (!client.commonName().equals(java.util.Optional.of(routerId))) {
            throw Refusal.of(ErrorCode.COULD_NOT_PROCESS_CSR, "invalid client CSR");
        }
        Authority signer = pki.signer();
        X509Certificate leaf = signer.client(
                client, List.of(new San.Uri(domain + "/router/" + routerId)), pki.now(), Authority.LEAF_LIFE);
        X509Certificate serving = signer.server(server, pki.now(), Authority.LEAF_LIFE);
        return new IssuedRouter(
                routerId,
                Certificates.sha1(leaf),
                Certificates.toPem(leaf),
                Certificates.toPem(signer.withIntermediates(leaf)),
                Certificates.toPem(signer.withIntermediates(serving)),
                Certificates.toPem(pki.trustBundle()));
    }

    private static Csr parse(@Nullable String pem) {
        if (pem == null || pem.isBlank()) {
            throw Refusal.of(ErrorCode.COULD_NOT_PROCESS_CSR, "the CSR is missing");
        }
        try {
            return Csr.parse(pem);
        } catch (PkiException e) {
            throw Refusal.of(ErrorCode.COULD_NOT_PROCESS_CSR, String.valueOf(e.getMessage()));
        }
    }
}
