package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.controller.ControllerTest;
import io.postern.controller.channel.Connections;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.network.NetworkFixture.RouterIdentity;
import io.postern.controller.network.ScriptedRouter.Heard;
import io.postern.controller.testing.Admin;
import io.postern.pki.Certificates;
import io.postern.pki.Csr;
import io.postern.pki.Keys;
import io.postern.transport.Channel;
import io.postern.transport.HelloRefused;
import io.postern.wire.Capabilities;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.PeerState;
import io.postern.wire.ctrl.pb.PeerStateChanges;
import io.postern.wire.ctrl.pb.UpdateCtrlAddresses;
import io.postern.wire.ctrl.pb.VerifyRouter;
import io.postern.wire.edgectrl.pb.Address;
import io.postern.wire.edgectrl.pb.ClientHello;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.ChangeSet;
import io.postern.wire.edgectrl.pb.EnrollmentCertsResponse;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterRequest;
import io.postern.wire.edgectrl.pb.EnrollmentExtendRouterVerifyRequest;
import io.postern.wire.edgectrl.pb.Listener;
import io.postern.wire.edgectrl.pb.ServicePolicyRelatedEntityType;
import io.postern.wire.edgectrl.pb.SubscribeToDataModelRequest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Samples 05a to 05c, 08 and 10b: what a router and the controller say to each other apart from circuits. */
@ControllerTest
class RouterConversationTest {
    @Inject
    HttpServer server;

    @Inject
    NetworkFixture fixture;

    @Inject
    Connections connections;

    @Inject
    ModelFeed feed;

    @Inject
    MeterRegistry metrics;

    private int port() {
        return server.getSecurePort();
    }

    @Test
    void saysWhoItIsAndWhereItIs() throws Exception {
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(false), port())) {
            var hello = router.channel().peerHello();
            assertThat(Capabilities.read(hello.get(Header.CTRL_CAPABILITIES))).hasToString("0x5e");
            assertThat(new String(hello.get(Header.HELLO_VERSION)).split("\\|")).hasSize(5);
            // without a secret stock routers do not take the channel
            assertThat(hello.get(Header.GROUP_SECRET)).hasSize(16);
            assertThat(hello.get(Header.IS_GROUPED)).containsExactly(1);
            assertThat(router.channel().peerId()).isEqualTo("ctrl1");
            var addresses = router.next(ContentType.UPDATE_CTRL_ADDRESSES).as(UpdateCtrlAddresses.parser());
            assertThat(addresses.getIsLeader()).isTrue();
            assertThat(addresses.getControllers(0).getId()).isEqualTo("ctrl1");
            assertThat(addresses.getAddresses(0)).startsWith("tls:");
        }
    }

    @Test
    void learnsWhereSdksReachARouter() throws Exception {
        RouterIdentity identity = fixture.router(false);
        try (ScriptedRouter router = ScriptedRouter.online(identity, port())) {
            Heard hello = router.next(ContentType.SERVER_HELLO);
            assertThat(hello.number(Header.EDGE_HELLO)).isEqualTo(1);
            router.channel()
                    .send(FrameBuilder.of(ContentType.CLIENT_HELLO)
                            .replyFor(hello.sequence())
                            .body(ClientHello.newBuilder()
                                    .setHostname("edge.example")
                                    .addListeners(Listener.newBuilder()
                                            .setAdvertise(Address.newBuilder()
                                                    .setProtocol("tls")
                                                    .setHostname("edge.example")
                                                    .setPort(3022)))
                                    .build()
                                    .toByteArray()));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    connections.of(identity.id()).orElseThrow().supportedProtocols())
                            .containsEntry("tls", "tls://edge.example:3022"));
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(connections.of(identity.id())).isEmpty());
    }

    @Test
    void refusesWhoIsNotTheEnrolledRouter() {
        RouterIdentity identity = fixture.router(false);
        var stranger = new RouterIdentity(identity.id(), fixture.issue(identity.id()), "");
        assertRefused(stranger, "certificate is not the enrolled one");
        var unknown = new RouterIdentity("nobody", identity.tls(), "");
        assertRefused(unknown, "unknown router");
        fixture.write(
                "edgeRouter",
                identity.id(),
                "UPDATE",
                "update edge_router set disabled = true where id = ?",
                identity.id());
        assertRefused(identity, "router is disabled");
    }

    private void assertRefused(RouterIdentity identity, String text) {
        assertThatThrownBy(() -> ScriptedRouter.online(identity, port()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HelloRefused.class)
                .hasMessageContaining(text);
    }

    @Test
    void refusesASecondYoungChannel() throws Exception {
        RouterIdentity identity = fixture.router(false);
        try (ScriptedRouter first = ScriptedRouter.online(identity, port())) {
            assertRefused(identity, "younger than");
            assertThat(first.channel().isOpen()).isTrue();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> connections.of(identity.id()).isEmpty());
        try (ScriptedRouter again = ScriptedRouter.online(identity, port())) {
            assertThat(again.channel().isOpen()).isTrue();
        }
    }

    @Test
    void disablingAConnectedRouterClosesItAtOnceAndTellsItsPeers() throws Exception {
        RouterIdentity identity = fixture.router(false);
        try (ScriptedRouter peer = ScriptedRouter.online(fixture.router(false), port());
                ScriptedRouter router = ScriptedRouter.online(identity, port())) {
            awaitPeer(peer, identity.id(), PeerState.Healthy);
            awaitPeer(router, peer.identity.id(), PeerState.Healthy);
            fixture.write(
                    "edgeRouter",
                    identity.id(),
                    "UPDATE",
                    "update edge_router set disabled = true where id = ?",
                    identity.id());
            await().atMost(Duration.ofSeconds(60)).until(router::isClosed);
            awaitPeer(peer, identity.id(), PeerState.Unhealthy);
            fixture.write("edgeRouter", identity.id(), "DELETE", "delete from edge_router where id = ?", identity.id());
            awaitPeer(peer, identity.id(), PeerState.Removed);
        }
    }

    private static void awaitPeer(ScriptedRouter router, String peerId, PeerState state) {
        router.next(each -> each.contentType() == ContentType.PEER_STATE_CHANGE
                && each.as(PeerStateChanges.parser()).getChangesList().stream()
                        .anyMatch(change -> change.getId().equals(peerId) && change.getState() == state));
    }

    private static Heard subscribe(ScriptedRouter router, long index, String timeline, String id) {
        router.send(
                ContentType.SUBSCRIBE_TO_DATA_MODEL,
                SubscribeToDataModelRequest.newBuilder()
                        .setCurrentIndex(index)
                        .setTimelineId(timeline)
                        .setSubscriptionDurationSeconds(300)
                        .setSubscriptionId(id)
                        .build());
        return router.next(each -> each.contentType() == ContentType.DATA_STATE
                || each.contentType() == ContentType.DATA_STATE_CHANGE_SET);
    }

    @Test
    void sendsTheWholeModelThenEachChange() throws Exception {
        String attribute = "a" + NetworkFixture.newId();
        String identity = fixture.identity(attribute);
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(false), port())) {
            Heard full = subscribe(router, 0, "", "sub1");
            assertThat(full.text(Header.DATA_MODEL_SUBSCRIPTION_ID)).isEqualTo("sub1");
            DataState state = full.as(DataState.parser());
            assertThat(state.getTimelineId()).isNotEmpty();
            assertThat(state.getEventsList())
                    .anyMatch(event -> event.getIdentity().getId().equals(identity));
            assertThat(state.getEventsList())
                    .anyMatch(event -> event.getPublicKey().getUsagesCount() == 2 && event.getIsSynthetic());
            Heard keys = router.next(ContentType.DATA_STATE_CHANGE_SET);
            assertThat(keys.headers()).doesNotContainKey(Header.DATA_MODEL_SUBSCRIPTION_ID);
            assertThat(keys.as(ChangeSet.parser()).getIsSynthetic()).isTrue();

            String policy = fixture.servicePolicy("Dial", List.of("#" + attribute), List.of());
            ChangeSet created = changes(
                    router,
                    set -> set.getChangesList().stream()
                            .anyMatch(event -> event.getServicePolicy().getId().equals(policy)));
            assertThat(created.getPreviousIndex())
                    .isGreaterThanOrEqualTo(state.getEndIndex())
                    .isLessThan(created.getIndex());
            assertThat(created.getChangesList())
                    .anyMatch(event -> event.getServicePolicyChange().getAdd()
                            && event.getServicePolicyChange()
                                    .getRelatedEntityIdsList()
                                    .contains(identity));

            fixture.write(
                    "identity",
                    identity,
                    "UPDATE",
                    "update identity set role_attributes = '{}', disabled_at = now() where id = ?",
                    identity);
            ChangeSet left = changes(
                    router,
                    set -> set.getChangesList().stream()
                            .anyMatch(event -> event.getIdentity().getId().equals(identity)));
            assertThat(left.getChangesList())
                    .anyMatch(event -> event.getIdentity().getDisabled());
            assertThat(left.getChangesList())
                    .anyMatch(event -> !event.getServicePolicyChange().getAdd()
                            && event.getServicePolicyChange().getRelatedEntityType()
                                    == ServicePolicyRelatedEntityType.RelatedIdentity
                            && event.getServicePolicyChange().getPolicyId().equals(policy));

            // a router that missed the last change gets just that
            Heard replay = subscribe(router, left.getPreviousIndex(), state.getTimelineId(), "sub2");
            assertThat(replay.contentType()).isEqualTo(ContentType.DATA_STATE_CHANGE_SET);
            assertThat(replay.text(Header.DATA_MODEL_SUBSCRIPTION_ID)).isEqualTo("sub2");
            assertThat(replay.as(ChangeSet.parser()).getIndex()).isEqualTo(left.getIndex());
        }
    }

    /** An alert compares it with what routers have: terminators are none of theirs. */
    @Test
    void theGaugeOfTheModelIsWhatRoutersAreToldOf() throws Exception {
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(false), port())) {
            subscribe(router, 0, "", "sub");
            String policy = fixture.servicePolicy("Dial", List.of("#none"), List.of());
            long told = changes(
                            router,
                            set -> set.getChangesList().stream()
                                    .anyMatch(event ->
                                            event.getServicePolicy().getId().equals(policy)))
                    .getIndex();
            fixture.write("terminator", "none", "DELETE", "delete from terminator where id = ?", "none");
            assertThat(feed.model().index()).isGreaterThan(told);
            assertThat(metrics.get("postern.model.index").gauge().value()).isEqualTo(told);
        }
    }

    /** Its tunneler may have been refused for want of such a policy, which is not in its model. */
    @Test
    void saysThatAPolicyOfTheControllersHasChanged() throws Exception {
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(true), port())) {
            subscribe(router, 0, "", "sub");
            String attribute = "a" + NetworkFixture.newId();
            fixture.routerPolicies(List.of("#" + attribute), List.of("#" + attribute), List.of("#" + attribute));
            ChangeSet told = changes(router, set -> !set.getIsSynthetic() && set.getChangesCount() == 0);
            String identity = fixture.identity(attribute);
            ChangeSet next = changes(
                    router,
                    set -> set.getChangesList().stream()
                            .anyMatch(event -> event.getIdentity().getId().equals(identity)));
            assertThat(next.getPreviousIndex()).isGreaterThanOrEqualTo(told.getIndex());
        }
    }

    /** Routers judge tokens by themselves, so the end of an API Session or a Session is a change of their model. */
    @Test
    void tellsWhoseTokensHaveEnded() throws Exception {
        String identity = fixture.identity();
        String apiSession = NetworkFixture.newId();
        fixture.write(
                "apiSession",
                apiSession,
                "CREATE",
                "insert into api_session (id, created_at, updated_at, identity_id, ip_address, last_activity_at,"
                        + " expires_at) values (?, now(), now(), ?, '', now(), now() + interval '1 hour')",
                apiSession,
                identity);
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(false), port())) {
            subscribe(router, 0, "", "sub1");
            Admin.admin().delete("api-sessions/" + apiSession).then().statusCode(200);
            ChangeSet ended = changes(
                    router,
                    set -> set.getChangesList().stream()
                            .anyMatch(event -> event.getRevocation().getId().equals(apiSession)));
            assertThat(ended.getIsSynthetic()).isFalse();
            assertThat(ended.getChangesList()).anySatisfy(event -> {
                assertThat(event.getAction()).isEqualTo(DataState.Action.Create);
                assertThat(event.getRevocation().getType()).isEqualTo("API_SESSION");
                assertThat(event.getRevocation().getExpiresAt().getSeconds())
                        .isGreaterThan(java.time.Instant.now().getEpochSecond());
            });
            Admin.sending("{\"durationMinutes\":0}")
                    .post("identities/" + identity + "/disable")
                    .then()
                    .statusCode(200);
            ChangeSet disabled = changes(
                    router,
                    set -> set.getChangesList().stream()
                            .anyMatch(event -> event.getRevocation().getId().equals(identity)));
            assertThat(disabled.getChangesList())
                    .anyMatch(event -> event.getRevocation().getType().equals("IDENTITY")
                            && event.getRevocation().hasIssuedBefore())
                    .anyMatch(event -> event.getIdentity().getId().equals(identity)
                            && event.getIdentity().getDisabled());
        }
    }

    private static ChangeSet changes(ScriptedRouter router, java.util.function.Predicate<ChangeSet> wanted) {
        return router.next(each -> each.contentType() == ContentType.DATA_STATE_CHANGE_SET
                        && wanted.test(each.as(ChangeSet.parser())))
                .as(ChangeSet.parser());
    }

    @Test
    void verifiesRoutersForEachOther() throws Exception {
        try (ScriptedRouter router = ScriptedRouter.online(fixture.router(false), port())) {
            RouterIdentity other = fixture.router(false);
            Heard yes = router.ask(
                    ContentType.VERIFY_ROUTER,
                    VerifyRouter.newBuilder()
                            .setRouterId(other.id())
                            .addFingerprints(other.fingerprint())
                            .build());
            assertThat(yes.number(Header.RESULT_SUCCESS)).isEqualTo(1);
            Heard no = router.ask(
                    ContentType.VERIFY_ROUTER,
                    VerifyRouter.newBuilder()
                            .setRouterId(other.id())
                            .addFingerprints(router.identity.fingerprint())
                            .build());
            assertThat(no.number(Header.RESULT_SUCCESS)).isZero();
            assertThat(router.ask(FrameBuilder.of(ContentType.UPDATE_ROUTER_INTERFACES))
                            .number(Header.RESULT_SUCCESS))
                    .isEqualTo(1);
        }
    }

    @Test
    void aRenewedCertificateHoldsOnceItIsConfirmed() throws Exception {
        RouterIdentity identity = fixture.router(false);
        var keys = Keys.ec256();
        String csr = Csr.create(keys, identity.id(), List.of());
        try (ScriptedRouter router = ScriptedRouter.online(identity, port())) {
            router.send(
                    ContentType.ENROLLMENT_EXTEND_ROUTER,
                    EnrollmentExtendRouterRequest.newBuilder()
                            .setClientCertCsr(csr)
                            .setServerCertCsr(csr)
                            .setRequireVerification(true)
                            .build());
            var issued = router.next(ContentType.ENROLLMENT_CERTS_RESPONSE).as(EnrollmentCertsResponse.parser());
            var chain = Certificates.parse(issued.getClientCertPem());
            assertThat(fixture.count("select count(*) from edge_router where fingerprint = ?", identity.fingerprint()))
                    .isEqualTo(1);
            Heard no = router.ask(
                    ContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY,
                    EnrollmentExtendRouterVerifyRequest.newBuilder()
                            .setClientCertPem(issued.getServerCertPem())
                            .build());
            assertThat(no.body8()).contains("not the one");
            Heard yes = router.ask(
                    ContentType.ENROLLMENT_EXTEND_ROUTER_VERIFY,
                    EnrollmentExtendRouterVerifyRequest.newBuilder()
                            .setClientCertPem(issued.getClientCertPem())
                            .build());
            assertThat(yes.contentType()).isEqualTo(ContentType.ERROR);
            assertThat(yes.body()).isEmpty();
            assertThat(fixture.count(
                            "select count(*) from edge_router where fingerprint = ?",
                            Certificates.sha1(chain.getFirst())))
                    .isEqualTo(1);
        }
    }

    @Test
    void aMalformedBodyCostsThatChannelOnly() throws Exception {
        try (ScriptedRouter good = ScriptedRouter.online(fixture.router(false), port());
                ScriptedRouter bad = ScriptedRouter.online(fixture.router(false), port())) {
            Channel channel = bad.channel();
            channel.send(FrameBuilder.of(31_000).body("unknown types are fine"));
            channel.send(FrameBuilder.of(ContentType.FAULT).body(new byte[] {(byte) 0xff, 1, 2}));
            await().atMost(Duration.ofSeconds(60)).until(bad::isClosed);
            assertThat(good.channel().isOpen()).isTrue();
        }
    }
}
