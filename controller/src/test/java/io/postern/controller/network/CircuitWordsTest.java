package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.postern.controller.ControllerTest;
import io.postern.controller.network.ScriptedRouter.Heard;
import io.postern.controller.testing.Admin;
import io.postern.testkit.LogCapture;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of circuits: refusals name the policy that is missing, and one search for an id tells a whole life. */
@ControllerTest
class CircuitWordsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    HttpServer server;

    @Inject
    NetworkFixture fixture;

    private ScriptedRouter a;
    private ScriptedRouter b;
    private ScriptedRouter c;
    private SharedService service;
    private String bc;

    /** Policies give a and c to both identities, and b to nobody. */
    @BeforeEach
    void build() throws Exception {
        service = SharedService.of(fixture);
        a = ScriptedRouter.online(fixture.router(false), server.getSecurePort());
        b = ScriptedRouter.online(fixture.router(false), server.getSecurePort());
        c = ScriptedRouter.online(fixture.router(false), server.getSecurePort());
        service.reachedBy(a, c);
        String ab = NetworkFixture.newId();
        bc = NetworkFixture.newId();
        a.links(true, ab + ">" + b.identity.id());
        b.links(true, bc + ">" + c.identity.id());
        awaitLinks(ab, bc);
    }

    private static void awaitLinks(String... ids) {
        for (String id : ids) {
            await().atMost(PATIENCE)
                    .until(() -> Admin.admin()
                                    .basePath("/fabric/v1")
                                    .get("links/" + id)
                                    .statusCode()
                            == 200);
        }
    }

    /** The one write of the fabric API is held to the rules of the others. */
    @Test
    void aWrongCostOfALinkIsNamed() {
        for (String wrong : List.of("\"x\"", "-1", "1.5", "[]")) {
            Admin.sending("{\"staticCost\":" + wrong + "}")
                    .basePath("/fabric/v1")
                    .patch("links/" + bc)
                    .then()
                    .statusCode(400)
                    .body("error.cause.field", equalTo("staticCost"));
        }
        Admin.sending("{\"staticCost\":7}")
                .basePath("/fabric/v1")
                .patch("links/" + bc)
                .then()
                .statusCode(200);
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        c.close();
    }

    /** In the answer to the router, which the client gets, and in the log, by the circuit's id. */
    @Test
    void namesThePolicyThatIsMissing() throws Exception {
        service.bound(c);
        Heard byRouter = dial(b, service.id());
        byRouter.isRefusal(EdgeError.INVALID_EDGE_ROUTER_FOR_SESSION, "no edge-router policy joins identity");
        assertThat(byRouter.body8()).contains(service.dialer()).contains(b.identity.id());

        String lonely = fixture.service("smartrouting");
        Heard byService = dial(a, lonely);
        byService.isRefusal(EdgeError.ACCESS_DENIED, "no Dial service policy joins identity");
        assertThat(byService.body8()).contains(service.dialer()).contains(lonely);

        fixture.servicePolicy("Dial", List.of("@" + service.dialer()), List.of("@" + lonely));
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogCapture log = LogCapture.of("io.postern.circuit", Level.INFO, said::add)) {
            Heard byBoth = dial(a, lonely);
            byBoth.isRefusal(EdgeError.INVALID_EDGE_ROUTER_FOR_SESSION, "no service-edge-router policy joins service");
            assertThat(byBoth.body8()).contains(lonely).contains(a.identity.id());
            assertThat(said)
                    .singleElement()
                    .asString()
                    .startsWith("circuit.failed circuitId=" + byBoth.text(Header.CIRCUIT_ID))
                    .contains("cause=", "no service-edge-router policy joins service");
        }
    }

    private Heard dial(ScriptedRouter router, String serviceId) throws Exception {
        return router.ask(service.dial(fixture.serviceToken(service.dialer(), serviceId, "Dial"), Map.of())
                .frame());
    }

    @Test
    void aHostIsToldThePolicyThatIsMissing() throws Exception {
        String lonely = fixture.service("smartrouting");
        assertThat(hosting(c, lonely)).contains("no Bind service policy joins identity", service.host(), lonely);
        fixture.servicePolicy("Bind", List.of("@" + service.host()), List.of("@" + lonely));
        assertThat(hosting(b, lonely))
                .contains("no edge-router policy joins identity", service.host(), b.identity.id());
        assertThat(hosting(c, lonely)).contains("no service-edge-router policy joins service", lonely, c.identity.id());
        fixture.routerPolicies(List.of(), List.of("@" + lonely), List.of("@" + c.identity.id()));
        assertThat(bind(c, lonely).getResult()).isEqualTo(CreateTerminatorResult.Success);
    }

    private CreateTerminatorV2Response bind(ScriptedRouter router, String serviceId) throws Exception {
        return service.bind(router, NetworkFixture.newId(), fixture.serviceToken(service.host(), serviceId, "Bind"));
    }

    private String hosting(ScriptedRouter router, String serviceId) throws Exception {
        CreateTerminatorV2Response answer = bind(router, serviceId);
        assertThat(answer.getResult()).isNotEqualTo(CreateTerminatorResult.Success);
        assertThat(answer.getErrorCode()).isEqualTo(EdgeError.ACCESS_DENIED.number());
        return answer.getMsg();
    }

    /** What happens to a circuit is found by one search for its id. */
    @Test
    void theWholeLifeIsInTheLogByTheCircuitsId() throws Exception {
        service.bound(c);
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogCapture log = LogCapture.of("io.postern.circuit", Level.INFO, said::add)) {
            String id = dial(a, service.id()).text(Header.CIRCUIT_RESPONSE_ID);
            String ac = NetworkFixture.newId();
            a.links(false, ac + ">" + c.identity.id());
            awaitLinks(ac);
            b.losesLink(bc);
            a.rerouted();
            a.ends(id, FaultSubject.IngressFault);
            c.next(ContentType.UNROUTE);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(said)
                            .filteredOn(line -> line.contains("circuitId=" + id))
                            .extracting(line -> line.substring(0, line.indexOf(' ')))
                            .containsExactly("circuit.created", "circuit.pathUpdated", "circuit.deleted"));
            assertThat(said)
                    .filteredOn(line -> line.contains("circuitId=" + id))
                    .allMatch(line -> line.contains("identityId=" + service.dialer())
                            && line.contains("serviceId=" + service.id()));
        }
    }
}
