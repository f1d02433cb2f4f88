package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postern.controller.ControllerTest;
import io.postern.controller.channel.Connections;
import io.postern.controller.circuit.Circuits;
import io.postern.controller.network.ScriptedRouter.Heard;
import io.postern.fabric.path.ReroutePlan;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Request;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A router that is about to go: ingress a, egress e and f, and two ways between them, over b and over c. */
@ControllerTest
class QuiesceTest {
    @Inject
    HttpServer server;

    @Inject
    NetworkFixture fixture;

    @Inject
    Circuits circuits;

    @Inject
    Connections connections;

    @Inject
    NetworkLoop network;

    private final List<ScriptedRouter> routers = new ArrayList<>();
    private String dialer;
    private String host;
    private String service;
    private ScriptedRouter a;
    private ScriptedRouter b;
    private ScriptedRouter c;
    private ScriptedRouter e;
    private ScriptedRouter f;

    @BeforeEach
    void build() throws Exception {
        dialer = fixture.identity();
        host = fixture.identity();
        service = fixture.service("smartrouting");
        fixture.servicePolicy("Dial", List.of("@" + dialer), List.of("@" + service));
        fixture.servicePolicy("Bind", List.of("@" + host), List.of("@" + service));
        a = router(true);
        b = router(false);
        c = router(false);
        e = router(true);
        f = router(true);
        fixture.routerPolicies(
                List.of("@" + dialer, "@" + host),
                List.of("@" + service),
                List.of("@" + a.identity.id(), "@" + e.identity.id(), "@" + f.identity.id()));
        a.links(true, to(b), to(c));
        b.links(true, to(e), to(f));
        c.links(true, to(e), to(f));
        onLoop(() -> null);
    }

    private ScriptedRouter router(boolean edge) throws Exception {
        ScriptedRouter router = ScriptedRouter.online(fixture.router(edge), server.getSecurePort());
        routers.add(router);
        return router;
    }

    private static String to(ScriptedRouter router) {
        return NetworkFixture.newId() + ">" + router.identity.id();
    }

    @AfterEach
    void close() {
        routers.forEach(ScriptedRouter::close);
    }

    private <T> T onLoop(Supplier<T> question) {
        return network.ask(question).toCompletableFuture().join();
    }

    private void bound(ScriptedRouter router) throws Exception {
        CreateTerminatorV2Response response = router.ask(
                        ContentType.CREATE_TERMINATOR_V2,
                        CreateTerminatorV2Request.newBuilder()
                                .setAddress(NetworkFixture.newId())
                                .setSessionToken(fixture.serviceToken(host, service, "Bind"))
                                .setApiSessionToken(fixture.accessToken(host))
                                .putPeerData(Header.PUBLIC_KEY, ByteString.copyFromUtf8("key of the host"))
                                .build())
                .as(CreateTerminatorV2Response.parser());
        assertThat(response.getResult()).isEqualTo(CreateTerminatorResult.Success);
    }

    private String dialed() throws Exception {
        Heard created = a.ask(CreateCircuit.v2(
                        fixture.serviceToken(dialer, service, "Dial"),
                        fixture.accessToken(dialer),
                        List.of("aa"),
                        "",
                        Map.of())
                .frame());
        assertThat(created.contentType()).isEqualTo(ContentType.CREATE_CIRCUIT_V2_RESPONSE);
        return created.text(Header.CIRCUIT_RESPONSE_ID);
    }

    private static void says(ScriptedRouter router, int contentType) throws Exception {
        assertThat(router.ask(FrameBuilder.of(contentType)).headers())
                .containsEntry(Header.RESULT_SUCCESS, new byte[] {1});
    }

    private List<String> pathOf(String circuitId) {
        return onLoop(() -> circuits.find(circuitId).orElseThrow().path().routers());
    }

    private ScriptedRouter transitOf(String circuitId) {
        return pathOf(circuitId).contains(b.identity.id()) ? b : c;
    }

    private static Route rerouted(ScriptedRouter router) {
        return router.next(heard -> heard.contentType() == ContentType.ROUTE
                        && heard.as(Route.parser()).getAttempt() == ReroutePlan.ATTEMPT)
                .as(Route.parser());
    }

    @Test
    void leadsCircuitsAroundARouterThatLeavesAndKeepsThemWhenThereIsNoOtherWay() throws Exception {
        bound(e);
        String id = dialed();
        ScriptedRouter leaving = transitOf(id);
        ScriptedRouter other = leaving == b ? c : b;

        says(leaving, ContentType.QUIESCE);

        assertThat(rerouted(other).getCircuitId()).isEqualTo(id);
        assertThat(leaving.next(ContentType.UNROUTE).as(Unroute.parser()).getCircuitId())
                .isEqualTo(id);
        assertThat(transitOf(id)).isSameAs(other);
        assertThat(transitOf(dialed())).isSameAs(other);

        says(other, ContentType.QUIESCE);
        assertThat(transitOf(id)).isSameAs(other);
        assertThat(other.all(ContentType.UNROUTE)).isEmpty();

        says(leaving, ContentType.DEQUIESCE);
        assertThat(transitOf(dialed())).isSameAs(leaving);
    }

    @Test
    void sendsNobodyToARouterThatLeavesUnlessNobodyElseHosts() throws Exception {
        bound(e);
        says(e, ContentType.QUIESCE);
        assertThat(connections.of(e.identity.id())).isEmpty();
        String only = dialed();
        assertThat(pathOf(only)).endsWith(e.identity.id());

        bound(f);
        for (int i = 0; i < 5; i++) {
            assertThat(pathOf(dialed())).endsWith(f.identity.id());
        }
        assertThat(pathOf(only)).endsWith(e.identity.id());
    }
}
