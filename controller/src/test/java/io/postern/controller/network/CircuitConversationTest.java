package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.controller.ControllerTest;
import io.postern.controller.circuit.Circuits;
import io.postern.controller.network.ScriptedRouter.Heard;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Header;
import io.postern.wire.HeaderValues;
import io.postern.wire.RouteError;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.ctrl.pb.CircuitConfirmation;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTunnelCircuitV2Request;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorRequestV2;
import io.postern.wire.edgectrl.pb.CreateTunnelTerminatorResponseV2;
import io.postern.wire.edgectrl.pb.UpdateTerminatorRequest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Samples 01 to 04, 05d, 05h and 07: terminators and circuits over the routers a (ingress), b (transit), c (egress). */
@ControllerTest
class CircuitConversationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    HttpServer server;

    @Inject
    NetworkFixture fixture;

    @Inject
    Circuits circuits;

    @Inject
    NetworkLoop network;

    private ScriptedRouter a;
    private ScriptedRouter b;
    private ScriptedRouter c;
    private SharedService service;
    private String ab;
    private String bc;

    @BeforeEach
    void build() throws Exception {
        service = SharedService.of(fixture);
        a = ScriptedRouter.online(fixture.router(true), server.getSecurePort());
        b = ScriptedRouter.online(fixture.router(false), server.getSecurePort());
        c = ScriptedRouter.online(fixture.router(true), server.getSecurePort());
        service.reachedBy(a, c);
        ab = NetworkFixture.newId();
        bc = NetworkFixture.newId();
        a.links(true, ab + ">" + b.identity.id());
        b.links(true, bc + ">" + c.identity.id());
        onLoop(() -> null);
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        c.close();
    }

    private <T> T onLoop(java.util.function.Supplier<T> question) {
        return network.ask(question).toCompletableFuture().join();
    }

    private CreateCircuit v2() {
        return service.dial(
                Map.of(Header.APP_DATA, "data".getBytes(), Header.PEER_DIALER_IDENTITY_ID, "a lie".getBytes()));
    }

    private Heard dial() throws Exception {
        return a.ask(v2().frame());
    }

    @Test
    void makesACircuitOverThreeRouters() throws Exception {
        String terminator = service.bound(c);
        c.answerWith(Map.of(Header.TERMINATOR_LOCAL_ADDRESS, "127.0.0.1:9".getBytes()));
        Heard created = dial();
        assertThat(created.contentType()).isEqualTo(ContentType.CREATE_CIRCUIT_V2_RESPONSE);
        String id = created.text(Header.CIRCUIT_RESPONSE_ID);
        String ingress = created.text(Header.CIRCUIT_RESPONSE_ADDRESS);
        var peerData = HeaderValues.byteMap(created.headers().get(Header.CIRCUIT_PEER_DATA));
        assertThat(peerData).containsOnlyKeys(Header.PUBLIC_KEY, Header.TERMINATOR_LOCAL_ADDRESS);
        assertThat(HeaderValues.stringMap(created.headers().get(Header.CIRCUIT_RESPONSE_TAGS)))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("clientId", service.dialer(), "hostId", service.host(), "serviceId", service.id()));

        Route first = a.next(ContentType.ROUTE).as(Route.parser());
        Route middle = b.next(ContentType.ROUTE).as(Route.parser());
        Route last = c.next(ContentType.ROUTE).as(Route.parser());
        assertThat(first.getForwardsList())
                .extracting(f -> f.getSrcAddress() + ">" + f.getDstAddress() + " " + f.getDstType())
                .containsExactly(ingress + ">" + ab + " Link", ab + ">" + ingress + " Start");
        assertThat(middle.getForwardsList())
                .extracting(Route.Forward::getDstType)
                .containsExactly(DestType.Link, DestType.Link);
        assertThat(middle.hasEgress()).isFalse();
        assertThat(last.getEgress().getDestination()).isEqualTo(terminator);
        assertThat(last.getEgress().getBinding()).isEqualTo("edge");
        assertThat(last.getEgress()
                        .getPeerDataMap()
                        .get(Header.PEER_DIALER_IDENTITY_ID)
                        .toStringUtf8())
                .isEqualTo(service.dialer());
        assertThat(last.getContext().getFieldsMap())
                .containsKeys("circuitId", "serviceId", "sessionId", "apiSessionId");
        assertThat(last.getTimeout()).isEqualTo(Duration.ofSeconds(10).toNanos());

        await().atMost(PATIENCE).until(() -> fixture.count("select count(*) from circuit where id = ?", id) == 1);
        c.ends(id, FaultSubject.EgressFault);
        for (ScriptedRouter each : List.of(a, b, c)) {
            Unroute unroute = each.next(ContentType.UNROUTE).as(Unroute.parser());
            assertThat(unroute.getCircuitId()).isEqualTo(id);
            assertThat(unroute.getNow()).isFalse();
        }
        await().atMost(PATIENCE).until(() -> fixture.count("select count(*) from circuit where id = ?", id) == 0);
    }

    @Test
    void v3BelievesTheTokenAndNotTheRouter() throws Exception {
        service.bound(c);
        var honest = new CreateCircuit(
                null,
                fixture.accessToken(service.dialer()),
                List.of(),
                "",
                Map.of(),
                service.dialer(),
                service.id(),
                "proposed-1");
        Heard created = a.ask(honest.frame());
        assertThat(created.contentType()).isEqualTo(ContentType.CREATE_CIRCUIT_V3_RESPONSE);
        assertThat(created.text(Header.CIRCUIT_RESPONSE_ID)).isEqualTo("proposed-1");
        var lying = new CreateCircuit(
                null,
                fixture.accessToken(service.host()),
                List.of(),
                "",
                Map.of(),
                service.dialer(),
                service.id(),
                null);
        a.ask(lying.frame()).isRefusal(EdgeError.ACCESS_DENIED, "not of the identity");
        var other = new CreateCircuit(
                null, fixture.accessToken(service.host()), List.of(), "", Map.of(), service.host(), service.id(), null);
        a.ask(other.frame()).isRefusal(EdgeError.ACCESS_DENIED, "no Dial service policy joins identity");
        var forged =
                new CreateCircuit(null, "no.such.token", List.of(), "", Map.of(), service.dialer(), service.id(), null);
        a.ask(forged.frame()).isRefusal(EdgeError.INVALID_API_SESSION, "API Session token is not valid");
    }

    @Test
    void aDialWithoutTerminatorsSaysSo() throws Exception {
        dial().isRefusal(EdgeError.INTERNAL, "service " + service.id() + " has no terminators");
    }

    @Test
    void triesAnotherTerminatorInOrderAndThenGivesUp() throws Exception {
        service.bound(c);
        service.bound(c);
        c.refuse(RouteError.CONNECTION_REFUSED);
        dial().isRefusal(EdgeError.INTERNAL, "told to refuse");
        List<Route> routes =
                c.all(ContentType.ROUTE).stream().map(h -> h.as(Route.parser())).toList();
        assertThat(routes).extracting(Route::getAttempt).containsExactly(0, 1);
        assertThat(routes.get(0).getEgress().getDestination())
                .isNotEqualTo(routes.get(1).getEgress().getDestination());
        // each router heard of the attempts in order: route, its end, route, its end
        a.next(h -> h.contentType() == ContentType.UNROUTE
                && a.all(ContentType.UNROUTE).size() == 2);
        assertThat(a.heard.stream()
                        .filter(h -> h.contentType() == ContentType.ROUTE || h.contentType() == ContentType.UNROUTE)
                        .map(Heard::contentType))
                .containsExactly(ContentType.ROUTE, ContentType.UNROUTE, ContentType.ROUTE, ContentType.UNROUTE);
        assertThat(onLoop(() -> circuits.all().stream()
                        .filter(each -> each.serviceId().equals(service.id()))
                        .count()))
                .isZero();
    }

    @Test
    void aLateResultOfAnEarlierAttemptChangesNothing() throws Exception {
        service.bound(c);
        c.refuse(RouteError.GENERIC);
        b.silent(true);
        var pending = a.channel().request(v2().frame(), Duration.ofSeconds(20)).toCompletableFuture();
        Heard second = b.next(h ->
                h.contentType() == ContentType.ROUTE && h.as(Route.parser()).getAttempt() == 1);
        Heard firstHeard = b.all(ContentType.ROUTE).getFirst();
        String id = second.as(Route.parser()).getCircuitId();
        b.channel()
                .send(io.postern.wire.ctrl.RouteResult.success(id, 0, Map.of()).frame(firstHeard.sequence()));
        var answer = pending.get();
        assertThat(answer.contentType()).isEqualTo(ContentType.ERROR);
        answer.release();
    }

    @Test
    void anInvalidTerminatorIsForgotten() throws Exception {
        String terminator = service.bound(c);
        c.refuse(RouteError.INVALID_TERMINATOR);
        dial().isRefusal(EdgeError.INTERNAL, "has no terminators");
        await().atMost(PATIENCE)
                .until(() -> fixture.count("select count(*) from terminator where id = ?", terminator) == 0);
    }

    @Test
    void reroutesAroundALostLinkAndHoldsWhenThereIsNoWay() throws Exception {
        service.bound(c);
        String id = dial().text(Header.CIRCUIT_RESPONSE_ID);
        String ac = NetworkFixture.newId();
        // the new link is dearer only until the old one is lost
        a.links(false, ac + ">" + c.identity.id());
        b.losesLink(bc);
        Heard told = c.next(ContentType.FAULT);
        assertThat(told.as(Fault.parser()).getId()).isEqualTo(bc);
        Route again = a.rerouted();
        assertThat(again.getForwardsList())
                .extracting(Route.Forward::getDstAddress)
                .contains(ac);
        assertThat(again.hasContext()).isFalse();
        Route end = c.rerouted();
        assertThat(end.hasEgress()).isFalse();
        Unroute off = b.next(ContentType.UNROUTE).as(Unroute.parser());
        assertThat(off.getNow()).isTrue();

        a.losesLink(ac);
        c.next(ContentType.FAULT);
        assertThat(onLoop(() -> circuits.find(id))).isPresent();
        String back = NetworkFixture.newId();
        a.links(false, back + ">" + c.identity.id());
        a.next(h -> h.contentType() == ContentType.ROUTE
                && h.as(Route.parser()).getForwardsList().stream()
                        .anyMatch(f -> f.getDstAddress().equals(back)));
        assertThat(onLoop(() -> circuits.end(id, true, "test is over"))).isTrue();
    }

    @Test
    void aBlipOfTheControlChannelCutsNoCircuit() throws Exception {
        service.bound(c);
        String id = dial().text(Header.CIRCUIT_RESPONSE_ID);
        c.close();
        await().atMost(PATIENCE).until(c::isClosed);
        c.connect(server.getSecurePort());
        c.next(h -> h.contentType() == ContentType.UPDATE_CTRL_ADDRESSES
                && c.all(ContentType.UPDATE_CTRL_ADDRESSES).size() == 2);
        assertThat(onLoop(() -> circuits.find(id))).isPresent();
        assertThat(a.all(ContentType.UNROUTE)).isEmpty();
        // circuits nobody knows are ended where they are reported
        a.send(
                ContentType.CIRCUIT_CONFIRMATION,
                CircuitConfirmation.newBuilder()
                        .addCircuitIds(id)
                        .addCircuitIds("unheard-of")
                        .build());
        assertThat(a.next(ContentType.UNROUTE).as(Unroute.parser()).getCircuitId())
                .isEqualTo("unheard-of");
    }

    @Test
    void aRestartedControllerKnowsItsCircuits() throws Exception {
        String id = "kept-" + service.id();
        fixture.write(
                "circuit",
                id,
                "CREATE",
                "insert into circuit (id, controller_id, created_at, identity_id, service_id, terminator_id,"
                        + " ingress_address, egress_address, cost, routers, links)"
                        + " values (?, 'ctrl1', now(), ?, ?, 't', 'in', 'out', 22, ?, ?)",
                id,
                service.dialer(),
                service.id(),
                new String[] {a.identity.id(), b.identity.id(), c.identity.id()},
                new String[] {ab, bc});
        onLoop(() -> {
            circuits.reloaded();
            return null;
        });
        await().atMost(PATIENCE).until(() -> onLoop(() -> circuits.find(id)).isPresent());
        b.losesLink(ab);
        assertThat(a.next(ContentType.FAULT).as(Fault.parser()).getId()).isEqualTo(ab);
        a.links(false, "new-" + ab + ">" + c.identity.id());
        Route again = c.next(ContentType.ROUTE).as(Route.parser());
        assertThat(again.getForwardsList())
                .extracting(Route.Forward::getDstAddress)
                .contains("out", "new-" + ab);
        a.ends(id, FaultSubject.IngressFault);
        c.next(h -> h.contentType() == ContentType.UNROUTE);
        await().atMost(PATIENCE).until(() -> fixture.count("select count(*) from circuit where id = ?", id) == 0);
    }

    @Test
    void operatorsSeeTheNetworkAndEndCircuits() throws Exception {
        String terminator = service.bound(c);
        String id = dial().text(Header.CIRCUIT_RESPONSE_ID);
        io.restassured.specification.RequestSpecification admin =
                io.restassured.RestAssured.given().header("test-admin", "yes");
        admin.get("/fabric/v1/circuits/" + id)
                .then()
                .statusCode(200)
                .body("data.clientId", org.hamcrest.Matchers.equalTo(service.dialer()))
                .body("data.path.links.id", org.hamcrest.Matchers.contains(ab, bc))
                .body("data.path.nodes", org.hamcrest.Matchers.hasSize(3));
        admin.get("/fabric/v1/links?filter=id=\"" + ab + "\"")
                .then()
                .statusCode(200)
                .body("data[0].sourceRouter.id", org.hamcrest.Matchers.equalTo(a.identity.id()))
                .body("data[0].state", org.hamcrest.Matchers.equalTo("Connected"))
                .body("meta.pagination.totalCount", org.hamcrest.Matchers.equalTo(1));
        admin.get("/fabric/v1/routers/" + a.identity.id())
                .then()
                .body("data.connected", org.hamcrest.Matchers.equalTo(true));
        admin.get("/fabric/v1/terminators/" + terminator)
                .then()
                .body("data.dynamicCost", org.hamcrest.Matchers.equalTo(2));
        admin.get("/fabric/v1/services/" + service.id()).then().statusCode(200);
        admin.delete("/fabric/v1/circuits/" + id).then().statusCode(200);
        assertThat(a.next(ContentType.UNROUTE).as(Unroute.parser()).getNow()).isTrue();
        admin.get("/fabric/v1/circuits/" + id).then().statusCode(404);
        io.restassured.RestAssured.given().get("/fabric/v1/circuits").then().statusCode(401);
    }

    @Test
    void onlyItsOwnSessionAndRouterChangeATerminator() throws Exception {
        String terminator = service.bound(c);
        UpdateTerminatorRequest update = UpdateTerminatorRequest.newBuilder()
                .setTerminatorId(terminator)
                .setSessionToken(service.bindToken())
                .setApiSessionToken(fixture.accessToken(service.host()))
                .setUpdateCost(true)
                .setCost(77)
                .build();
        a.ask(ContentType.UPDATE_EDGE_TERMINATOR, update).isRefusal(EdgeError.INVALID_TERMINATOR, terminator);
        assertThat(c.ask(ContentType.UPDATE_EDGE_TERMINATOR, update).contentType())
                .isEqualTo(ContentType.UPDATE_EDGE_TERMINATOR_RESPONSE);
        await().atMost(PATIENCE)
                .until(() -> fixture.count("select cost from terminator where id = ?", terminator) == 77);
        var denied =
                service.bind(c, NetworkFixture.newId(), fixture.serviceToken(service.dialer(), service.id(), "Bind"));
        assertThat(denied.getResult()).isEqualTo(CreateTerminatorResult.FailedInvalidSession);
        var wrong = service.bind(c, NetworkFixture.newId(), fixture.serviceToken(service.host(), service.id(), "Dial"));
        assertThat(wrong.getErrorCode()).isEqualTo(EdgeError.WRONG_SESSION_TYPE.number());
        var stolen = service.bind(a, terminator, service.bindToken());
        assertThat(stolen.getResult()).isEqualTo(CreateTerminatorResult.FailedIdConflict);
    }

    @Test
    void tunnelersHostAndDialWithTheirOwnIdentity() throws Exception {
        fixture.servicePolicy("Bind", List.of("@" + c.identity.id()), List.of("@" + service.id()));
        String terminator = NetworkFixture.newId();
        var hosted = c.ask(
                        ContentType.CREATE_TUNNEL_TERMINATOR_V2,
                        CreateTunnelTerminatorRequestV2.newBuilder()
                                .setServiceId(service.id())
                                .setAddress(terminator)
                                .setStartTime(12)
                                .build())
                .as(CreateTunnelTerminatorResponseV2.parser());
        assertThat(hosted.getResult()).isEqualTo(CreateTerminatorResult.Success);
        assertThat(hosted.getStartTime()).isEqualTo(12);
        var request = CreateTunnelCircuitV2Request.newBuilder()
                .setServiceName("service-" + service.id())
                .build();
        a.ask(ContentType.CREATE_TUNNEL_CIRCUIT_V2, request)
                .isRefusal(EdgeError.ACCESS_DENIED, "no Dial service policy");
        fixture.servicePolicy("Dial", List.of("@" + a.identity.id()), List.of("@" + service.id()));
        assertThat(a.ask(ContentType.CREATE_TUNNEL_CIRCUIT_V2, request).contentType())
                .isEqualTo(ContentType.CREATE_TUNNEL_CIRCUIT_V2_RESPONSE);
        b.ask(ContentType.CREATE_TUNNEL_CIRCUIT_V2, request).isRefusal(EdgeError.TUNNELING_NOT_ENABLED, "not enabled");
    }
}
