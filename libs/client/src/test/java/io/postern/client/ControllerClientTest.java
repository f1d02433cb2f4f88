package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.client.ControllerClient.Api;
import io.postern.pki.Keys;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ControllerClientTest {
    private FakeController controller;
    private IdentityFile identity;

    @BeforeAll
    void enroll() throws Exception {
        controller = new FakeController(Keys.ec256());
        identity = new Enroller()
                .enroll(controller.token("ott", "me", Instant.now().plusSeconds(60)));
    }

    @BeforeEach
    void forget() {
        controller.apiSessions.clear();
        controller.asked.clear();
    }

    @AfterAll
    void end() {
        controller.close();
    }

    @Test
    void aFiltersOwnPageIsAskedForOnce() throws Exception {
        controller.service("a", true, "Dial");
        try (ControllerClient client = ControllerClient.of(identity)) {
            client.authenticate();
            controller.total = 1000;
            Map<String, String> filter = Map.of("filter", "true skip 2 limit 3");
            assertThat(client.all(Api.CLIENT, "/services", filter)).hasSize(1);
            assertThat(controller.asked.stream().filter("/services"::equals)).hasSize(1);
        } finally {
            controller.total = -1;
        }
    }

    @Test
    void whoIsNoAdministratorIsToldSoAndNotLoggedInAgain() throws Exception {
        try (ControllerClient client = ControllerClient.of(identity)) {
            client.authenticate();
            int logins = controller.logins.get();
            assertThatThrownBy(() -> client.get(Api.MANAGEMENT, "/identities"))
                    .isInstanceOfSatisfying(
                            AdministratorsOnly.class,
                            who -> assertThat(who.identityName()).isEqualTo("tester"));
            assertThat(controller.logins.get()).isEqualTo(logins);
            controller.apiSessions.clear();
            assertThatThrownBy(() -> client.get(Api.MANAGEMENT, "/identities")).isInstanceOf(AdministratorsOnly.class);
            assertThat(controller.logins.get()).isEqualTo(logins + 1);
        }
    }

    @Test
    void aStrangerIsNoKnownIdentity() {
        try (ControllerClient client = ControllerClient.of(URI.create(controller.address()), identity.trust())) {
            client.resume("unknown");
            assertThatThrownBy(() -> client.get(Api.MANAGEMENT, "/identities"))
                    .isInstanceOfSatisfying(
                            ApiRefusal.class,
                            refusal -> assertThat(refusal.unauthorized()).isTrue());
        }
    }

    @Test
    void anApiSessionGoesOnUntilItEnds() throws Exception {
        String token;
        try (ControllerClient first = ControllerClient.of(identity)) {
            token = first.authenticate().token();
        }
        int logins = controller.logins.get();
        List<ApiSession> fresh = new ArrayList<>();
        try (ControllerClient next = ControllerClient.of(identity)) {
            next.resume(token, fresh::add);
            next.get(Api.CLIENT, "/current-identity");
            assertThat(controller.logins.get()).isEqualTo(logins);
            controller.apiSessions.clear();
            next.get(Api.CLIENT, "/current-identity");
            assertThat(controller.logins.get()).isEqualTo(logins + 1);
            assertThat(fresh)
                    .singleElement()
                    .satisfies(each -> assertThat(controller.apiSessions).containsExactly(each.token()));
        }
    }

    @Test
    void controllersThatDoNotAnswerAreNamedOneByOne() {
        IdentityFile two = new IdentityFile(
                "https://localhost:1/edge/client/v1",
                List.of("https://127.0.0.1:1/edge/client/v1"),
                identity.key(),
                identity.cert(),
                identity.ca(),
                List.of());
        try (ControllerClient client = ControllerClient.of(two)) {
            assertThatThrownBy(client::version)
                    .isInstanceOf(ConnectException.class)
                    .hasMessage(
                            "no controller answers at https://localhost:1 or https://127.0.0.1:1 (connection refused)");
        }
    }

    @Test
    void whatIsNoControllerIsToldFromOne() throws IOException {
        for (String greeting : new String[] {"", "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-x\r\n"}) {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                Thread.ofVirtual().start(() -> greet(server, greeting));
                URI address = URI.create("https://127.0.0.1:" + server.getLocalPort());
                assertThatThrownBy(() -> TrustOffer.of(address))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageStartingWith(
                                "no controller answers at " + address + " (what answers there does not speak TLS: ");
            }
        }
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("https://127.0.0.1:" + silent.getLocalPort());
            assertThatThrownBy(() -> TrustOffer.of(address))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("says nothing");
        }
    }

    private static void greet(ServerSocket server, String greeting) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[16]);
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The other side has seen enough.
        }
    }
}
