package io.postern.controller.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.ConfigProvider;

/** A way to the database of the tests that can stop, or break at a word. */
public final class Passage implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI database = URI.create(setting("url"));
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> breaking = new AtomicReference<>("");
    private final AtomicInteger taken = new AtomicInteger();
    private volatile boolean stopped;

    public Passage() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    /** The database, on this way. Statements are prepared once, so that parameters need no answer to go. */
    public PgConnectOptions server() {
        return new PgConnectOptions()
                .setCachePreparedStatements(true)
                .setHost("127.0.0.1")
                .setPort(listener.getLocalPort())
                .setDatabase(database.getPath().substring(1))
                .setUser(setting("username"))
                .setPassword(setting("password"));
    }

    /** From now on nothing passes on the connections that are there, little is acknowledged, and nothing is closed. */
    public void stop() {
        stopped = true;
    }

    /** New connections pass again; those that stopped stay so. */
    public void open() {
        stopped = false;
    }

    /** Closes the next connection on which a client says this, and does not pass it on. */
    public void breakAt(String words) {
        breaking.set(words);
    }

    /** How many connections came this way. */
    public int taken() {
        return taken.get();
    }

    private static String setting(String key) {
        return ConfigProvider.getConfig().getValue("postern.db." + key, String.class);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(database.getHost(), database.getPort());
                taken.incrementAndGet();
                sockets.addAll(List.of(client, server));
                Thread.ofVirtual().start(() -> pass(client, server, true));
                Thread.ofVirtual().start(() -> pass(server, client, false));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void pass(Socket from, Socket to, boolean watched) {
        byte[] bytes = new byte[8192];
        try {
            for (int read = 0;
                    read >= 0 && !stopped;
                    read = from.getInputStream().read(bytes)) {
                if (watched && breaks(new String(bytes, 0, read, ISO_8859_1))) {
                    break;
                }
                to.getOutputStream().write(bytes, 0, read);
            }
            if (!stopped) {
                from.close();
                to.close();
            }
        } catch (IOException e) {
            // one end went
        }
    }

    private boolean breaks(String said) {
        String words = breaking.get();
        return !words.isEmpty() && said.contains(words) && breaking.compareAndSet(words, "");
    }

    /** Closes the connections that are there. */
    public void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
