package io.postern.controller.renewal;

import io.postern.api.Refusal;
import io.postern.controller.channel.ControlFeature;
import io.postern.controller.channel.ControlHandlers;
import io.postern.controller.channel.Incoming;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.enrollment.IssuedRouter;
import io.postern.controller.enrollment.Issuing;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkLoop;
import io.postern.pki.Certificates;
import io.postern.pki.PkiException;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Header;
import io.postern.wire.edgectrl.pb.EnrollmentCertsResponse;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterRequest;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterVerifyRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Renews routers' certificates in two phases: the new one waits, and the old one holds, until the router says that it kept
 * the new one, or connects with it. Issuing runs on a thread of its own. Source: fabric sheet 2.1, samples 08c.
 */
@Singleton
public class CertificateRenewals implements ControlFeature {
    private static final Logger LOG = Logger.getLogger(CertificateRenewals.class);
    private static final String CHANGED = """
            , taken as (update model_index set last = last + 1 where exists (select from done) returning last)
            insert into model_change (index, seq, kind, entity_id, action, at)
            select taken.last, 0, 'edgeRouter', done.id, 'UPDATE', now() from done, taken""";
    private static final String PENDING =
            "with done as (update edge_router set unverified_fingerprint = $2, unverified_cert_pem = $3,"
                    + " updated_at = now() where id = $1 and fingerprint is not null returning id)" + CHANGED;
    private static final String CONFIRM =
            "with done as (update edge_router set fingerprint = unverified_fingerprint, cert_pem = unverified_cert_pem,"
                    + " unverified_fingerprint = null, unverified_cert_pem = null, updated_at = now()"
                    + " where id = $1 and unverified_fingerprint = $2 returning id)" + CHANGED;

    private final Issuing issuing;
    private final Pool pool;
    private final ModelFeed feed;
    private final NetworkLoop network;

    CertificateRenewals(Issuing issuing, Pool pool, ModelFeed feed, NetworkLoop network) {
        this.issuing = issuing;
        this.pool = pool;
        this.feed = feed;
        this.network = network;
    }

    @Override
    public void register(ControlHandlers handlers) {
        handlers.on(
                ContentType.ENROLLMENT_EXTEND_ROUTER,
                EnrollmentExtendRouterRequest.parser(),
                request -> Thread.startVirtualThread(() -> extend(request)));
        handlers.on(
                ContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY,
                EnrollmentExtendRouterVerifyRequest.parser(),
                this::verify);
    }

    /** A router that connects with the certificate that waits has kept it. */
    @Override
    public void connected(RouterConnection router) {
        String fingerprint = Certificates.sha1(router.channel().peerChain().getFirst());
        boolean waits = feed.model()
                .find(Entry.Router.class, router.routerId())
                .filter(entry -> fingerprint.equals(entry.pendingFingerprint()))
                .isPresent();
        if (waits) {
            confirm(router.routerId(), fingerprint);
        }
    }

    private void extend(Incoming<EnrollmentExtendRouterRequest> request) {
        IssuedRouter issued;
        try {
            issued = issuing.router(
                    request.routerId(),
                    request.message().getClientCertCsr(),
                    request.message().getServerCertCsr());
        } catch (Refusal e) {
            // stock controllers do not answer here either: the router asks again later
            LOG.warnf("router.renewal.refused %s reason=\"%s\"", request.from(), e.getMessage());
            return;
        }
        EnrollmentCertsResponse response = EnrollmentCertsResponse.newBuilder()
                .setClientCertPem(issued.clientPem())
                .setServerCertPem(issued.serverPem())
                .setCaCertsPem(issued.caPem())
                .build();
        store(request, issued.fingerprint(), issued.clientPem(), response);
    }

    private void store(
            Incoming<EnrollmentExtendRouterRequest> request,
            String fingerprint,
            String pem,
            EnrollmentCertsResponse response) {
        pool.preparedQuery(PENDING)
                .execute(Tuple.of(request.routerId(), fingerprint, pem))
                .compose(rows -> request.message().getRequireVerification()
                        ? Future.succeededFuture(rows)
                        : confirmed(request.routerId(), fingerprint))
                .onSuccess(rows -> {
                    LOG.infof("router.renewal.issued %s fingerprint=%s", request.from(), fingerprint);
                    feed.refresh()
                            .whenComplete((index, failure) ->
                                    request.from().send(ContentType.ENROLLMENT_CERTS_RESPONSE, response));
                })
                .onFailure(failure -> LOG.warnf("router.renewal.failed %s: %s", request.from(), failure.getMessage()));
    }

    private Future<RowSet<Row>> confirmed(String routerId, String fingerprint) {
        return pool.preparedQuery(CONFIRM).execute(Tuple.of(routerId, fingerprint));
    }

    private void confirm(String routerId, String fingerprint) {
        confirmed(routerId, fingerprint)
                .onSuccess(rows -> {
                    LOG.infof("router.renewal.confirmed routerId=%s fingerprint=%s", routerId, fingerprint);
                    feed.poke();
                })
                .onFailure(
                        failure -> LOG.warnf("router.renewal.failed routerId=%s: %s", routerId, failure.getMessage()));
    }

    /** The answer has an error's content type; an empty body is a yes. */
    private void verify(Incoming<EnrollmentExtendRouterVerifyRequest> request) {
        String fingerprint;
        try {
            fingerprint = Certificates.sha1(
                    Certificates.parse(request.message().getClientCertPem()).getFirst());
        } catch (PkiException e) {
            refuse(request, "the certificate cannot be read");
            return;
        }
        confirmed(request.routerId(), fingerprint)
                .onComplete(
                        rows -> network.run(() -> {
                            if (rows.rowCount() == 0) {
                                refuse(request, "the certificate is not the one that was issued");
                                return;
                            }
                            LOG.infof("router.renewal.confirmed %s fingerprint=%s", request.from(), fingerprint);
                            feed.poke();
                            request.from().send(request.reply(ContentType.ERROR));
                        }),
                        failure -> refuse(request, "the certificate could not be stored"));
    }

    private static void refuse(Incoming<?> request, String text) {
        LOG.warnf("router.renewal.refused %s reason=\"%s\"", request.from(), text);
        request.from()
                .send(request.reply(ContentType.ERROR)
                        .i32(Header.ERROR_CODE, EdgeError.INTERNAL.number())
                        .body(text));
    }
}
