package io.postern.router.link;

import io.postern.fabric.link.LinkKey;
import io.postern.pki.Certificates;
import io.postern.router.ctrl.Controllers;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.HelloAnswer;
import io.postern.transport.HelloAnswer.Reject;
import io.postern.transport.PendingHello;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.VerifyRouter;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Lets peers in that dial this router: what their hello says, and a controller confirms their certificate. Fabric sheet 3.3. */
final class LinkAcceptor implements ChannelAcceptor {
    private static final Duration VERIFY = Duration.ofSeconds(4);
    private static final int MOST_ID = 64;

    private final Links links;
    private final LinkSettings settings;
    private final String listenerBinding;
    private final Controllers controllers;
    private final Function<String, Optional<String>> modelFingerprint;

    /** @param modelFingerprint what the data model says of a router, for times when no controller answers */
    LinkAcceptor(
            Links links,
            LinkSettings settings,
            String listenerBinding,
            Controllers controllers,
            Function<String, Optional<String>> modelFingerprint) {
        this.links = links;
        this.settings = settings;
        this.listenerBinding = listenerBinding;
        this.controllers = controllers;
        this.modelFingerprint = modelFingerprint;
    }

    @Override
    public CompletionStage<HelloAnswer> hello(PendingHello hello) {
        String linkId = hello.string(Header.LINK_ID).orElse(hello.body());
        String routerId = hello.string(Header.LINK_ROUTER_ID).orElse("");
        Optional<String> refusal = refusal(hello, linkId, routerId);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(new Reject(refusal.get(), Reject.NOT_PERMITTED));
        }
        String fingerprint = Certificates.sha1(hello.peerChain().getFirst());
        return verify(routerId, fingerprint).thenApply(known -> {
            if (!known) {
                return new Reject("certificate is not that of router " + routerId, Reject.NOT_PERMITTED);
            }
            LinkKey key = new LinkKey(hello.string(Header.LINK_BINDING).orElse(""), "tls", routerId, listenerBinding);
            int iteration = hello.i32(Header.LINK_ITERATION, 1);
            return new HelloAnswer.Accept(
                    answer -> answer.string(Header.ID, settings.routerId())
                            .string(Header.HELLO_VERSION, settings.version()),
                    channel -> links.handler(linkId, iteration, key, false, ""),
                    settings.options());
        });
    }

    private Optional<String> refusal(PendingHello hello, String linkId, String routerId) {
        if (!hello.string(Header.LINK_DIALED_ROUTER_ID).orElse("").equals(settings.routerId())) {
            return Optional.of("this is router " + settings.routerId());
        }
        if (linkId.isEmpty() || linkId.length() > MOST_ID || routerId.isEmpty() || routerId.length() > MOST_ID) {
            return Optional.of("hello names no link or no router");
        }
        if (routerId.equals(settings.routerId())) {
            return Optional.of("a router has no Link to itself");
        }
        return hello.peerChain().isEmpty()
                ? Optional.of("no certificate")
                : dates(hello.peerChain().getFirst());
    }

    private static Optional<String> dates(X509Certificate leaf) {
        try {
            leaf.checkValidity();
            return Optional.empty();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return Optional.of("certificate is expired or not valid yet");
        }
    }

    private CompletionStage<Boolean> verify(String routerId, String fingerprint) {
        if (!controllers.connected()) {
            return CompletableFuture.completedFuture(
                    modelFingerprint.apply(routerId).filter(fingerprint::equals).isPresent());
        }
        VerifyRouter question = VerifyRouter.newBuilder()
                .setRouterId(routerId)
                .addFingerprints(fingerprint)
                .build();
        return controllers
                .request(FrameBuilder.of(ContentType.VERIFY_ROUTER).body(question.toByteArray()), VERIFY)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        return modelFingerprint
                                .apply(routerId)
                                .filter(fingerprint::equals)
                                .isPresent();
                    }
                    return success(answer);
                });
    }

    private static boolean success(Frame answer) {
        try {
            return answer.bool(Header.RESULT_SUCCESS);
        } finally {
            answer.release();
        }
    }
}
