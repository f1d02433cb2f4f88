package io.postern.controller.authenticator;

import io.postern.api.ErrorCode;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.api.filter.ListQuery;
import io.postern.controller.access.Revocations;
import io.postern.controller.enrollment.IssuedIdentity;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.Scope;
import io.postern.pki.Certificates;
import io.postern.pki.PkiException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What an identity may do with its own authenticators: read them, and renew its certificate in two steps, of which the
 * first changes nothing (SDK sheet 1.5).
 */
@Singleton
public class OwnAuthenticators {
    private final Kernel kernel;
    private final Authenticators authenticators;
    private final Revocations revocations;

    OwnAuthenticators(Kernel kernel, Authenticators authenticators, Revocations revocations) {
        this.kernel = kernel;
        this.authenticators = authenticators;
        this.revocations = revocations;
    }

    public Uni<ListEnvelope<AuthenticatorView>> list(String identityId, ListQuery query) {
        return authenticators.list(query, Scope.of("e.identity_id = ?", identityId));
    }

    public Uni<AuthenticatorView> get(String identityId, String id) {
        return kernel.read(session -> own(session, identityId, id)).chain(row -> authenticators.get(row.id()));
    }

    /** The authenticator is the caller's, was issued here, and the caller shows its certificate. */
    public Uni<Void> admitExtension(String identityId, String id, String shownFingerprint) {
        return kernel.read(session -> own(session, identityId, id))
                .invoke(row -> admit(row, shownFingerprint))
                .replaceWithVoid();
    }

    /** Keeps a new certificate beside the one in use. */
    public Uni<Void> keepExtension(String identityId, String id, IssuedIdentity issued) {
        return kernel.write(work -> own(work.session(), identityId, id)
                .invoke(row -> {
                    row.unverifiedFingerprint = issued.fingerprint();
                    row.unverifiedCertPem = issued.leafPem();
                    row.touch(work.now());
                })
                .replaceWithVoid());
    }

    /** The client has its new certificate: it replaces the old, and what was begun with the old ends. */
    public Uni<Void> verifyExtension(String identityId, String id, @Nullable String certPem) {
        String fingerprint = fingerprint(certPem);
        return kernel.write(work -> own(work.session(), identityId, id).flatMap(row -> {
            if (row.unverifiedFingerprint == null) {
                throw Refusal.of(ErrorCode.ENTITY_CAN_NOT_BE_UPDATED, "no extension is pending");
            }
            if (!fingerprint.equals(row.unverifiedFingerprint)) {
                throw Refusal.of(ErrorCode.INVALID_CLIENT_CERT);
            }
            row.fingerprint = row.unverifiedFingerprint;
            row.certPem = row.unverifiedCertPem;
            row.unverifiedFingerprint = null;
            row.unverifiedCertPem = null;
            row.isExtendRequested = false;
            row.isKeyRollRequested = false;
            row.touch(work.now());
            work.changed("authenticator", id, Action.UPDATE);
            return revocations.authenticator(work, id);
        }));
    }

    private static void admit(AuthenticatorRow row, String shownFingerprint) {
        if (!row.method.equals(AuthenticatorRow.CERT) || !row.isIssuedByNetwork) {
            throw Refusal.of(ErrorCode.ENTITY_CAN_NOT_BE_UPDATED, "the certificate was not issued by this network");
        }
        if (!shownFingerprint.equals(row.fingerprint)) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED, "another client certificate is in use");
        }
    }

    private static String fingerprint(@Nullable String pem) {
        try {
            return Certificates.sha1(Certificates.parseOne(pem == null ? "" : pem));
        } catch (PkiException e) {
            throw Refusal.of(ErrorCode.INVALID_CLIENT_CERT);
        }
    }

    private static Uni<AuthenticatorRow> own(Mutiny.Session session, String identityId, String id) {
        return session.find(AuthenticatorRow.class, id).map(row -> {
            if (row == null || !row.identityId.equals(identityId)) {
                throw Refusal.notFound("authenticator", id);
            }
            return row;
        });
    }
}
