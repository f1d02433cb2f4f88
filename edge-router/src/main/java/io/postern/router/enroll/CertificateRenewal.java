package io.postern.router.enroll;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.PkiException;
import io.postern.pki.San;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.edgectrl.pb.EnrollmentCertsResponse;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterRequest;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterVerifyRequest;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * Asks for new certificates before the old ones expire: request, certificates, confirmation. Only when the controller has
 * taken the confirmation are they written and used, so that either pair always works. Fabric sheet 2.1.
 */
public final class CertificateRenewal {
    private static final Logger LOG = Logger.getLogger(CertificateRenewal.class);
    private static final Duration BEFORE_EXPIRY = Duration.ofDays(7);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Controllers controllers;
    private final TlsIdentity identity;
    private final IdentityStore store;
    private final List<San> names;
    private final Clock clock;
    private final Executor blocking;

    public CertificateRenewal(
            Controllers controllers,
            TlsIdentity identity,
            IdentityStore store,
            List<San> names,
            Clock clock,
            Executor blocking) {
        this.controllers = controllers;
        this.identity = identity;
        this.store = store;
        this.names = List.copyOf(names);
        this.clock = clock;
        this.blocking = blocking;
        controllers.on(
                ContentType.ENROLLMENT_CERTS_RESPONSE, (from, frame) -> blocking.execute(() -> issued(from, frame)));
    }

    /** Asks when it is time to; called now and then. */
    public void check() {
        Instant soon = clock.instant().plus(BEFORE_EXPIRY);
        TlsIdentity.Material now = identity.material();
        if (expires(now.clientChain()).isBefore(soon)
                || expires(now.serverChain()).isBefore(soon)) {
            request();
        }
    }

    private static Instant expires(List<X509Certificate> chain) {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** Asks the best controller. */
    public void request() {
        TlsIdentity.Material now = identity.material();
        X509Certificate leaf = now.clientChain().getFirst();
        KeyPair keys = new KeyPair(leaf.getPublicKey(), now.key());
        String routerId = Certificates.commonName(leaf).orElse("");
        EnrollmentExtendRouterRequest request = EnrollmentExtendRouterRequest.newBuilder()
                .setClientCertCsr(Csr.create(keys, routerId, List.of()))
                .setServerCertCsr(Csr.create(keys, routerId, names))
                .setRequireVerification(true)
                .build();
        LOG.infof("certificate.renewal.asked routerId=%s expires=%s", routerId, expires(now.clientChain()));
        controllers.send(FrameBuilder.of(ContentType.ENROLLMENT_EXTEND_ROUTER).body(request.toByteArray()));
    }

    private void issued(ControlPeer from, Frame frame) {
        EnrollmentCertsResponse issued;
        try {
            issued = EnrollmentCertsResponse.parseFrom(frame.body().nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            LOG.warnf("certificate.renewal.malformed cause=%s", e.getMessage());
            return;
        } finally {
            frame.release();
        }
        TlsIdentity.Material fresh;
        try {
            fresh = material(issued);
        } catch (PkiException | IllegalArgumentException e) {
            LOG.warnf("certificate.renewal.refused cause=%s", e.getMessage());
            return;
        }
        EnrollmentExtendRouterVerifyRequest confirmation = EnrollmentExtendRouterVerifyRequest.newBuilder()
                .setClientCertPem(issued.getClientCertPem())
                .build();
        from.request(
                        FrameBuilder.of(ContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY)
                                .body(confirmation.toByteArray()),
                        ANSWER)
                .whenCompleteAsync((answer, failure) -> confirmed(issued, fresh, answer, failure), blocking);
    }

    private TlsIdentity.Material material(EnrollmentCertsResponse issued) {
        TlsIdentity.Material now = identity.material();
        List<X509Certificate> client = Certificates.parse(issued.getClientCertPem());
        List<X509Certificate> server = Certificates.parse(issued.getServerCertPem());
        if (!identity.trusts(client) || !identity.trusts(server)) {
            throw new IllegalArgumentException("certificates do not end in the trust bundle");
        }
        if (!client.getFirst()
                .getPublicKey()
                .equals(now.clientChain().getFirst().getPublicKey())) {
            throw new IllegalArgumentException("certificates are of another key");
        }
        return new TlsIdentity.Material(now.key(), client, server, now.trust());
    }

    private void confirmed(
            EnrollmentCertsResponse issued,
            TlsIdentity.Material fresh,
            @org.jspecify.annotations.Nullable Frame answer,
            @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure != null || answer == null) {
            LOG.warnf("certificate.renewal.unconfirmed cause=%s", failure == null ? "" : failure.getMessage());
            return;
        }
        String error = answer.bodyText();
        answer.release();
        if (!error.isEmpty()) {
            LOG.warnf("certificate.renewal.unconfirmed cause=%s", error);
            return;
        }
        try {
            store.certificates(issued.getClientCertPem(), issued.getServerCertPem());
            identity.replace(fresh);
            LOG.infof("certificate.renewed expires=%s", expires(fresh.clientChain()));
        } catch (IOException e) {
            LOG.errorf("certificate.renewal.unwritten cause=%s", e.getMessage());
        }
    }
}
