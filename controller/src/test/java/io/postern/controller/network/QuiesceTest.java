package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.channel.Connections;
import io.postern.controller.circuit.Circuits;
import io.postern.controller.network.ScriptedRouter.Heard;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.Unroute;
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
    private SharedService service;
    private ScriptedRouter a;
    private ScriptedRouter b;
    private ScriptedRouter c;
    private ScriptedRouter e;
    private ScriptedRouter f;

    @BeforeEach
    void build() throws Exception {
        service = SharedService.of(fixture);
        a = router(true);
        b = router(false);
        c = router(false);
        e = router(true);
        f = router(true);
        service.reachedBy(a, e, f);
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

    private String dialed() throws Exception {
        Heard created = a.ask(service.dial(Map.of()).frame());
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

    @Test
    void leadsCircuitsAroundARouterThatLeavesAndKeepsThemWhenThereIsNoOtherWay() throws Exception {
        service.bound(e);
        String id = dialed();
        ScriptedRouter leaving = transitOf(id);
        ScriptedRouter other = leaving == b ? c : b;

        says(leaving, ContentType.QUIESCE);

        assertThat(other.rerouted().getCircuitId()).isEqualTo(id);
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
        service.bound(e);
        says(e, ContentType.QUIESCE);
        assertThat(connections.of(e.identity.id())).isEmpty();
        String only = dialed();
        assertThat(pathOf(only)).endsWith(e.identity.id());

        service.bound(f);
        for (int i = 0; i < 5; i++) {
            assertThat(pathOf(dialed())).endsWith(f.identity.id());
        }
        assertThat(pathOf(only)).endsWith(e.identity.id());
    }
}
