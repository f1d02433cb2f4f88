package io.postern.conformance;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network that somebody else runs, told by {@code POSTERN_LANES_ATTACH=url,user,password,routerA,routerB} (router
 * names). {@code POSTERN_LANES_BREAK} may name a program that is called with {@code kill|start controller|A|B}; without
 * it nothing is killed.
 */
final class AttachedNetwork implements Network {
    private final Rest admin;
    private final Admin credentials;
    private final @Nullable String breaker = System.getenv("POSTERN_LANES_BREAK");
    private final String routerA;
    private final String routerB;

    AttachedNetwork(String told) {
        String[] parts = told.split(",");
        this.admin = new Rest(URI.create(parts[0]), null);
        this.credentials = new Admin(parts[1], parts[2]);
        admin.login(parts[1], parts[2]);
        this.routerA = routerId(parts[3]);
        this.routerB = routerId(parts[4]);
    }

    private String routerId(String name) {
        for (var router : admin.get(Rest.MANAGEMENT + "/edge-routers?limit=100")) {
            if (router.path("name").asText().equals(name)) {
                return router.path("id").asText();
            }
        }
        throw new Failed("no edge router is named " + name);
    }

    @Override
    public Rest admin() {
        return admin;
    }

    @Override
    public Admin credentials() {
        return credentials;
    }

    @Override
    public String routerAId() {
        return routerA;
    }

    @Override
    public String routerBId() {
        return routerB;
    }

    @Override
    public boolean breakable() {
        return breaker != null;
    }

    @Override
    public void killController() throws InterruptedException {
        command("kill", "controller");
    }

    @Override
    public void startController(Map<String, String> settings) throws InterruptedException {
        command("start", "controller");
        Await.that("a login at the controller", Duration.ofSeconds(60)).holds(() -> {
            admin.use(null);
            admin.login(credentials.user(), credentials.password());
            return true;
        });
    }

    @Override
    public void killRouter(char which) throws InterruptedException {
        command("kill", String.valueOf(which));
    }

    @Override
    public void startRouter(char which) throws InterruptedException {
        command("start", String.valueOf(which));
    }

    private void command(String verb, String what) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(String.valueOf(breaker), verb, what)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            int code = Forker.start(builder).waitFor();
            if (code != 0) {
                throw new Failed(verb + " " + what + ": exit " + code);
            }
        } catch (IOException e) {
            throw new Failed(verb + " " + what + ": " + e, e);
        }
    }

    @Override
    public void close() {}
}
