package io.postern.conformance;

import java.io.IOException;
import java.util.Map;

/** A controller and two edge routers, A for hosts and B for dialers. */
public interface Network extends AutoCloseable {
    /** Management REST, logged in. Answers may change after a restart: ask again. */
    Rest admin();

    /** What an administrator logs in with. */
    record Admin(String user, String password) {}

    Admin credentials();

    String routerAId();

    String routerBId();

    /** Whether processes may be killed and started again. */
    boolean breakable();

    void killController() throws InterruptedException;

    default void startController() throws IOException, InterruptedException {
        startController(Map.of());
    }

    /** @param settings further environment variables of the controller */
    void startController(Map<String, String> settings) throws IOException, InterruptedException;

    void killRouter(char which) throws InterruptedException;

    void startRouter(char which) throws IOException, InterruptedException;

    @Override
    void close();
}
