package io.postern.cli.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.cli.Failure;
import io.postern.cli.FakeApi;
import io.postern.cli.FakeApi.Call;
import io.postern.cli.FakeApi.Ran;
import io.postern.cli.FakeApi.Reply;
import io.postern.cli.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {
    @TempDir
    Path folder;

    private final AtomicInteger sessions = new AtomicInteger();
    private volatile String alive = "";
    private FakeApi api;

    @BeforeEach
    void start() throws GeneralSecurityException, IOException {
        api = new FakeApi()
                .with("/services", "{\"id\":\"s1\",\"name\":\"web\"}")
                .on("POST /authenticate", this::authenticate);
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
    }

    private Reply authenticate(Call call) {
        alive = "session-" + sessions.incrementAndGet();
        return Reply.data("{\"id\":\"i\",\"token\":\"" + alive + "\",\"identity\":{\"id\":\"me\",\"name\":\"me\"}}");
    }

    private Reply services(Call call) {
        return call.token().equals(alive)
                ? new Reply(200, "{\"data\":[{\"id\":\"s1\",\"name\":\"web\"}],\"meta\":{}}")
                : Reply.refused(401, "UNAUTHORIZED");
    }

    private Ran login() throws IOException {
        return api.run(
                "login", "--identity", api.identity(folder.resolve("me.json")).toString());
    }

    private JsonNode stored() throws IOException {
        return Json.MAPPER.readTree(api.profileFile().toFile());
    }

    @Test
    void aLoginByCertificateGoesOnInItsApiSession() throws IOException {
        api.on("GET /services", this::services).on("GET /current-identity", call -> Reply.refused(401, "UNAUTHORIZED"));
        assertThat(login().code()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(api.run("list", "services", "-o", "name").out()).isEqualTo("web\n");
        }
        assertThat(sessions.get()).isEqualTo(1);
        alive = "ended";
        assertThat(api.run("list", "services", "-o", "name").out()).isEqualTo("web\n");
        assertThat(api.run("list", "services", "-o", "name").out()).isEqualTo("web\n");
        assertThat(sessions.get()).isEqualTo(2);
        assertThat(stored().path("token").asText()).isEqualTo("session-2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(api.profileFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void anotherCertificateInTheFileDoesNotGoOnInTheOldOnesApiSession() throws IOException {
        api.on("GET /services", this::services);
        assertThat(login().code()).isZero();
        api.identity(folder.resolve("me.json"));
        assertThat(api.run("list", "services").code()).isZero();
        assertThat(sessions.get()).isEqualTo(2);
    }

    @Test
    void twoCommandsAtOnceLeaveAWholeProfile() throws IOException {
        assertThat(login().code()).isZero();
        api.on("GET /services", call -> call.token().equals("session-1") ? Reply.refused(401, "UNAUTHORIZED") : list())
                .on("GET /current-identity", call -> Reply.refused(401, "UNAUTHORIZED"));
        var both = Stream.of(1, 2)
                .map(each -> CompletableFuture.supplyAsync(() -> api.run("list", "services", "-o", "name")))
                .toList();
        both.forEach(each -> assertThat(each.join().out()).isEqualTo("web\n"));
        assertThat(stored().path("token").asText()).startsWith("session-").isNotEqualTo("session-1");
        try (Stream<Path> files = Files.list(api.profileFile().getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.contains(api.profile())))
                    .containsExactly(api.profile() + ".json");
        }
    }

    private static Reply list() {
        return new Reply(200, "{\"data\":[{\"id\":\"s1\",\"name\":\"web\"}],\"meta\":{}}");
    }

    @Test
    void whoIsNoAdministratorIsToldSo() {
        api.on("GET /services", call -> Reply.refused(401, "UNAUTHORIZED"))
                .on("GET /current-identity", call -> Reply.data("{\"name\":\"laptop\",\"isAdmin\":false}"));
        Ran ran = api.run("list", "services");
        assertThat(ran.code()).isEqualTo(Failure.REFUSED);
        assertThat(ran.err())
                .contains("logged in as laptop", "no administrator")
                .doesNotContain("postern login");
    }

    @Test
    void anEndedLoginIsToldSo() {
        api.on("GET /services", call -> Reply.refused(401, "UNAUTHORIZED"))
                .on("GET /current-identity", call -> Reply.refused(401, "UNAUTHORIZED"));
        Ran ran = api.run("list", "services");
        assertThat(ran.code()).isEqualTo(Failure.NOT_LOGGED_IN);
        assertThat(ran.err()).contains("run 'postern login'");
    }

    @Test
    void aFileThatHoldsNoCertificateIsNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing here");
        Path broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path binary = Files.write(folder.resolve("binary.pem"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        for (Path file : new Path[] {empty, broken, binary}) {
            Ran ran =
                    api.run("login", api.address().toString(), "--ca", file.toString(), "--password-file", "/no/such");
            assertThat(ran.code()).as(ran.err()).isEqualTo(Failure.FILE);
            assertThat(ran.err()).contains(file.toString());
        }
        assertThat(api.run("login", "--identity", binary.toString()).err()).contains("it is no text");
    }

    @Test
    void aDamagedProfileHidesNoOther() throws IOException {
        Path damaged = api.profileFile().resolveSibling("damaged.json");
        Files.writeString(damaged, "[]");
        try {
            Ran ran = api.run("profile", "list", "-o", "json");
            assertThat(ran.code()).isZero();
            JsonNode all = Json.MAPPER.readTree(ran.out());
            assertThat(all.findValuesAsText("name")).contains("damaged", api.profile());
            assertThat(all.findValuesAsText("login")).contains("damaged", "password");
        } finally {
            Files.delete(damaged);
        }
    }

    @Test
    void aProfileMayBeNamedAsAVerbIs() throws IOException {
        Path other = api.profileFile().resolveSibling("host.json");
        Files.copy(api.profileFile(), other);
        try {
            Ran ran = api.run("--profile", "host", "list", "services", "-o", "name");
            assertThat(ran.out()).as(ran.err()).isEqualTo("web\n");
        } finally {
            Files.delete(other);
        }
    }
}
