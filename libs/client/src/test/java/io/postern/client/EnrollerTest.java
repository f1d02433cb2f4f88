package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.client.EnrollmentFailed.Reason;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollerTest {
    @TempDir
    Path folder;

    private static Instant soon() {
        return Instant.now().plusSeconds(600);
    }

    @Test
    void anIdentityEnrollsWithEachKindOfControllerKey() throws Exception {
        for (var keys : List.of(Keys.rsa(2048), Keys.ec256(), Keys.ec384())) {
            try (FakeController controller = new FakeController(keys)) {
                IdentityFile identity = new Enroller().enroll(controller.token("ott", "id1", soon()) + "\n");

                assertThat(Certificates.commonName(identity.certificates().getFirst()))
                        .contains("id1");
                assertThat(identity.trust()).containsExactlyInAnyOrderElementsOf(controller.authority.chain());
                assertThat(identity.ztApi()).isEqualTo(controller.address() + "/edge/client/v1");
            }
        }
    }

    @Test
    void aControllerIsReachedElsewhereAndStillHasToHaveSignedTheToken() throws Exception {
        try (FakeController controller = new FakeController(Keys.ec256());
                FakeController other = new FakeController(Keys.ec256())) {
            String token = controller.token("https://controller.invalid:1280", "ott", "id1", soon());
            refused(new Enroller(), token, Reason.UNREACHABLE);
            refused(new Enroller().at(URI.create(other.address())), token, Reason.NOT_TRUSTED);

            IdentityFile identity =
                    new Enroller().at(URI.create(controller.address())).enroll(token);

            assertThat(identity.ztApi()).isEqualTo("https://controller.invalid:1280/edge/client/v1");
            assertThat(identity.trust()).containsExactlyInAnyOrderElementsOf(controller.authority.chain());
        }
    }

    @Test
    void controllersBehindOneAddressShareAKeyAndNotACertificate() throws Exception {
        try (FakeController controllers = new FakeController(Keys.ec256())) {
            controllers.balanced = true;
            IdentityFile identity = new Enroller().enroll(controllers.token("ott", "id1", soon()));
            assertThat(identity.trust()).containsExactlyInAnyOrderElementsOf(controllers.authority.chain());
        }
    }

    @Test
    void aPersonEnrollsWithAPassword() throws Exception {
        try (FakeController controller = new FakeController(Keys.ec256())) {
            Enroller enroller = new Enroller();
            assertThat(enroller.enrollPerson(controller.token("updb", "id1", soon()), "ann", "a password"))
                    .isEqualTo("ann");
            assertThat(enroller.enrollPerson(controller.token("updb", "id2", soon()), null, "another"))
                    .isEqualTo("chosen for you");
            assertThat(controller.people).containsEntry("ann", "a password").containsEntry("chosen for you", "another");
            refused(enroller, controller.token("updb", "id1", soon()), Reason.MALFORMED);
        }
    }

    @Test
    void aRouterEnrollsWithItsNames() throws Exception {
        try (FakeController controller = new FakeController(Keys.ec256())) {
            RouterEnrollment router = new Enroller()
                    .enrollRouter(controller.token("erott", "r1", soon()), List.of(new San.Dns("edge.example")));

            assertThat(router.routerId()).isEqualTo("r1");
            assertThat(router.controllers()).containsExactly("tls:localhost:1");
            assertThat(Certificates.parseOne(router.serverCert())
                            .getSubjectAlternativeNames()
                            .toString())
                    .contains("edge.example");
        }
    }

    @Test
    void whatGoesWrongHasAReason() throws Exception {
        try (FakeController controller = new FakeController(Keys.ec256());
                FakeController other = new FakeController(Keys.ec256())) {
            String used = controller.token("ott", "id1", soon());
            new Enroller().enroll(used);
            refused(new Enroller(), used, Reason.USED);
            refused(new Enroller(), controller.token("ott", "id1", Instant.now().minusSeconds(5)), Reason.EXPIRED);
            refused(new Enroller(), controller.token("erott", "id1", soon()), Reason.MALFORMED);
            refused(new Enroller(), "nonsense", Reason.MALFORMED);
            String token = controller.token("ott", "id1", soon());
            Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofDays(-400));
            refused(new Enroller(wrong), token, Reason.CLOCK);
            // The token of one controller, shown to another: same claims, other signer.
            String[] parts = token.split("\\.");
            String[] foreign = other.token("ott", "id1", soon()).split("\\.");
            refused(new Enroller(), parts[0] + "." + parts[1] + "." + foreign[2], Reason.NOT_TRUSTED);
        }
        try (FakeController gone = new FakeController(Keys.ec256())) {
            String token = gone.token("ott", "id1", soon());
            gone.close();
            refused(new Enroller(), token, Reason.UNREACHABLE);
        }
    }

    private static void refused(Enroller enroller, String jwt, Reason reason) {
        assertThatThrownBy(() -> enroller.enroll(jwt))
                .asInstanceOf(InstanceOfAssertFactories.type(EnrollmentFailed.class))
                .returns(reason, EnrollmentFailed::reason);
    }

    @Test
    void identityFilesOfAllClientsAreRead() throws Exception {
        try (FakeController controller = new FakeController(Keys.ec256())) {
            IdentityFile identity = new Enroller().enroll(controller.token("ott", "id1", soon()));
            Path file = folder.resolve("sub/me.json");
            identity.write(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(IdentityFile.read(file)).isEqualTo(identity);
            assertThat(Files.list(file.getParent())).hasSize(1);

            Files.writeString(folder.resolve("key.pem"), identity.key());
            Files.writeString(folder.resolve("cert.pem"), identity.cert());
            var raw = Http.JSON.createObjectNode().put("ztAPI", "https://localhost:1");
            raw.putObject("id")
                    .put("key", "file://" + folder.resolve("key.pem"))
                    .put("cert", "cert.pem")
                    .put("ca", identity.ca());
            IdentityFile read = IdentityFile.parse(raw.toString(), folder);
            assertThat(read.key()).isEqualTo(identity.key());
            assertThat(read.cert()).isEqualTo(identity.cert());
            assertThat(read.ca()).isEqualTo(identity.ca());
            assertThat(read.controllers()).containsExactly(java.net.URI.create("https://localhost:1"));
        }
    }

    @Test
    void whatIsNoIdentityFileIsRefusedWithoutQuotingIt() {
        assertThatThrownBy(() -> IdentityFile.parse("{\"id\": {\"key\": \"pem:secret", folder))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> IdentityFile.parse("{}", folder)).hasMessageContaining("ztAPI");
        assertThatThrownBy(() -> IdentityFile.parse("{\"ztAPI\":\"https://x\",\"id\":{}}", folder))
                .hasMessageContaining("id.key");
    }
}
