package io.postern.controller.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.boot.Schema;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.postern.testkit.LogCapture;
import io.quarkus.runtime.StartupEvent;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A controller without an administrator makes one; the password that it makes up is said once, and nowhere else. */
@ControllerTest
class FirstAdminTest {
    private static final String NAME = "first-admin-test";
    private static final Pattern SHOWN = Pattern.compile("username " + NAME + ", password (\\S+)\n");

    @Inject
    Kernel kernel;

    @Inject
    PosternConfig config;

    @Inject
    Schema schema;

    @Inject
    Network network;

    @BeforeEach
    void setTheAdministratorAside() {
        network.sql("update identity set is_default_admin = false, name = 'set aside' where is_default_admin");
    }

    @AfterEach
    void bringTheAdministratorBack() {
        network.sql("delete from identity where is_default_admin");
        network.sql("update identity set is_default_admin = true, name = 'Default Admin' where name = 'set aside'");
    }

    private PosternConfig configured(Optional<String> password, boolean reset) {
        PosternConfig.Admin admin = proxy(PosternConfig.Admin.class, config.admin(), "password", password);
        admin = proxy(PosternConfig.Admin.class, admin, "reset", reset);
        PosternConfig.Admin named = proxy(PosternConfig.Admin.class, admin, "username", NAME);
        return proxy(PosternConfig.class, config, "admin", named);
    }

    /** The same but for one answer. */
    private static <T> T proxy(Class<T> type, T behind, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, called, arguments) ->
                        called.getName().equals(method) ? answer : called.invoke(behind, arguments)));
    }

    private String start(Optional<String> password) {
        return start(password, false);
    }

    private String start(Optional<String> password, boolean reset) {
        PrintStream out = System.out;
        var said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            new FirstAdmin(kernel, configured(password, reset), schema).start(new StartupEvent());
        } finally {
            System.setOut(out);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private int login(String password) {
        return authenticate(password).status();
    }

    private Http.Answer authenticate(String password) {
        return Http.anonymous(network.port())
                .post(
                        "/edge/management/v1/authenticate?method=password",
                        "{\"username\":\"" + NAME + "\",\"password\":\"" + password + "\"}");
    }

    private Http admin(String password) {
        return Http.anonymous(network.port())
                .session(authenticate(password).data().path("token").asText());
    }

    @Test
    void aGeneratedPasswordIsShownOnce() {
        Queue<String> logged = new ConcurrentLinkedQueue<>();
        String said;
        try (var log = LogCapture.of("io.postern", Level.INFO, logged::add)) {
            said = start(Optional.empty());
        }
        var shown = SHOWN.matcher(said);
        assertThat(shown.find()).as(said).isTrue();
        String password = shown.group(1);
        assertThat(password).hasSizeGreaterThanOrEqualTo(16);
        assertThat(login(password)).isEqualTo(200);
        assertThat(logged).isNotEmpty().noneMatch(line -> line.contains(password));
        assertThat(start(Optional.empty())).doesNotContain("password");
        assertThat(login(password)).isEqualTo(200);
    }

    @Test
    void aGivenPasswordIsNotShown() {
        assertThat(start(Optional.of("given by the operator"))).doesNotContain("given by the operator", "password");
        assertThat(login("given by the operator")).isEqualTo(200);
    }

    @Test
    void aLostPasswordIsReplacedWhenAsked() {
        start(Optional.of("the lost one"));
        assertThat(start(Optional.of("not asked for"))).isEmpty();
        assertThat(login("not asked for")).isEqualTo(401);
        network.sql("update identity set is_admin = false, disabled_at = now() where is_default_admin");
        assertThat(login("the lost one")).isEqualTo(401);

        var shown = SHOWN.matcher(start(Optional.empty(), true));
        assertThat(shown.find()).isTrue();
        assertThat(login(shown.group(1))).isEqualTo(200);
        assertThat(login("the lost one")).isEqualTo(401);
        assertThat(admin(shown.group(1))
                        .get("/edge/management/v1/identities?filter=isDefaultAdmin=true")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theDefaultAdminKeepsItsRights() {
        start(Optional.of("the first one"));
        Http admin = admin("the first one");
        String self = "/edge/management/v1/identities/"
                + admin.get("/edge/management/v1/current-identity")
                        .data()
                        .path("id")
                        .asText();
        var refused = admin.send("PATCH", self, "{\"isAdmin\": false}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().toString()).contains("isAdmin must be true");
        assertThat(admin.send("PATCH", self, "{\"name\": \"another name\"}").status())
                .isEqualTo(200);
        assertThat(admin.get(self).data().path("isAdmin").asBoolean()).isTrue();
    }

    @Test
    void anAdministratorWithoutAPasswordGetsOneWhenAsked() {
        start(Optional.of("the lost one"));
        network.sql("delete from authenticator where username = '" + NAME + "'");
        assertThat(start(Optional.of("the new one"), true)).isEmpty();
        assertThat(login("the new one")).isEqualTo(200);
    }
}
