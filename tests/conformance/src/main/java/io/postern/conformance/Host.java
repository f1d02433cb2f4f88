package io.postern.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A hosting client that serves both services of its lane. */
final class Host implements AutoCloseable {
    private final World world;
    private final Client client;
    private Proc proc;

    private Host(World world, Client client, Proc proc) {
        this.world = world;
        this.client = client;
        this.proc = proc;
    }

    static Host start(World world, Client client) throws IOException, InterruptedException {
        return new Host(world, client, launch(world, client));
    }

    private static Proc launch(World world, Client client) throws IOException, InterruptedException {
        Proc proc = client.run(
                "host",
                Map.of(),
                "host",
                world.file("host", client).toString(),
                world.service(client.lane(), true),
                world.service(client.lane(), false));
        try {
            proc.await("ready", "ready"::equals, Duration.ofSeconds(90));
        } catch (Failed | InterruptedException e) {
            proc.kill();
            throw e;
        }
        return proc;
    }

    /** A new process in place of the old. */
    void restart() throws IOException, InterruptedException {
        proc.close();
        proc = launch(world, client);
    }

    String lane() {
        return client.lane();
    }

    Proc proc() {
        return proc;
    }

    /** The report of the connection that carried bytes of this sum; reports of older connections are passed over. */
    String result(String service, String sum, Duration limit) throws InterruptedException {
        return proc.await(
                "report of this connection",
                line -> line.startsWith("RESULT host service=" + service + " ") && line.contains("sha256=" + sum),
                limit);
    }

    @Override
    public void close() {
        proc.close();
    }
}
