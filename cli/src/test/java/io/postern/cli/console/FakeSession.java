package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Json;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One exec of {@link FakeProxy}: a process here, its output kept until acknowledged, its input counted. */
final class FakeSession {
    static final int WINDOW = 64 * 1024;

    private final String id = UUID.randomUUID().toString();
    private final Process process;
    private final BlockingQueue<byte[]> input = new LinkedBlockingQueue<>();
    private final Deque<Kept> kept = new ArrayDeque<>();
    final List<String> heard = new java.util.concurrent.CopyOnWriteArrayList<>();

    private ServerWebSocket socket;
    private Context context;
    private long end;
    private long sent;
    private long acked;
    private long inputTaken;
    private long inputReceived;
    private long inputAhead;
    private int streams;
    private int exit = -1;

    private record Kept(int channel, byte[] bytes, long start) {}

    FakeSession(Vertx vertx, MultiMap query) {
        try {
            ProcessBuilder builder = new ProcessBuilder(query.getAll("command"));
            for (String variable : query.getAll("env")) {
                String[] pair = variable.split("=", 2);
                builder.environment().put(pair[0], pair[1]);
            }
            process = builder.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        streams = 2;
        Thread.ofVirtual().start(() -> read(1, process.getInputStream()));
        Thread.ofVirtual().start(() -> read(2, process.getErrorStream()));
        Thread.ofVirtual().start(this::feed);
    }

    String id() {
        return id;
    }

    /** Waits until so many bytes of input have come. */
    synchronized void awaitReceived(long bytes) throws InterruptedException {
        while (inputReceived < bytes) {
            wait();
        }
    }

    synchronized long inputReceived() {
        return inputReceived;
    }

    /** Most bytes of input that were here at once and that the client had not been told of. */
    synchronized long inputAhead() {
        return inputAhead;
    }

    synchronized void join(ServerWebSocket client, long from, boolean resumed) {
        if (socket != null) {
            socket.close();
        }
        socket = client;
        context = Vertx.currentContext();
        sent = from;
        acked = from;
        client.binaryMessageHandler(message -> typed(client, message));
        client.textMessageHandler(message -> told(client, message));
        client.closeHandler(gone -> {
            synchronized (this) {
                if (socket == client) {
                    socket = null;
                }
            }
        });
        say(
                "opened",
                body -> body.put("session", id)
                        .put("kind", "exec")
                        .put("position", from)
                        .put("input", inputReceived)
                        .put("window", WINDOW)
                        .put("resumed", resumed));
        flush();
    }

    private synchronized void typed(ServerWebSocket from, Buffer message) {
        if (from != socket || message.getByte(0) != 0) {
            return;
        }
        byte[] bytes = message.getBytes(1, message.length());
        inputReceived += bytes.length;
        inputAhead = Math.max(inputAhead, inputReceived - inputTaken);
        input.add(bytes);
        notifyAll();
    }

    private synchronized void told(ServerWebSocket from, String message) {
        if (from != socket) {
            return;
        }
        heard.add(message);
        try {
            JsonNode event = Json.MAPPER.readTree(message);
            switch (event.path("type").asText()) {
                case "ack" -> {
                    acked = event.path("position").asLong();
                    flush();
                    notifyAll();
                }
                case "eof" -> input.add(new byte[0]);
                case "detach" -> process.destroy();
                default -> {}
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes input as fast as the process does. */
    private void feed() {
        try (OutputStream to = process.getOutputStream()) {
            while (true) {
                byte[] bytes = input.take();
                if (bytes.length == 0) {
                    return;
                }
                to.write(bytes);
                to.flush();
                synchronized (this) {
                    inputTaken += bytes.length;
                    say("input", body -> body.put("position", inputTaken));
                }
            }
        } catch (IOException | InterruptedException e) {
            // The process has gone.
        }
    }

    private void read(int channel, InputStream from) {
        byte[] piece = new byte[8 * 1024];
        try {
            for (int n = from.read(piece); n >= 0; n = from.read(piece)) {
                synchronized (this) {
                    while (end - acked > 4 * WINDOW) {
                        wait();
                    }
                    kept.add(new Kept(channel, java.util.Arrays.copyOf(piece, n), end));
                    end += n;
                    while (!kept.isEmpty() && kept.peek().start() + kept.peek().bytes().length + 8 * WINDOW < acked) {
                        kept.remove();
                    }
                    flush();
                }
            }
        } catch (IOException | InterruptedException e) {
            // The process has gone.
        }
        synchronized (this) {
            streams--;
            if (streams == 0) {
                exit = process.onExit().join().exitValue();
                flush();
            }
        }
    }

    /** Fills the window to its last byte, whatever pieces the process wrote. */
    private void flush() {
        for (Kept chunk : kept) {
            long chunkEnd = chunk.start() + chunk.bytes().length;
            if (socket == null || chunkEnd <= sent) {
                continue;
            }
            int skip = (int) (sent - chunk.start());
            int some = (int) Math.min(chunk.bytes().length - skip, WINDOW - (sent - acked));
            if (some <= 0) {
                return;
            }
            Buffer message = Buffer.buffer(some + 1).appendByte((byte) chunk.channel());
            message.appendBytes(chunk.bytes(), skip, some);
            sent += some;
            ServerWebSocket to = socket;
            context.runOnContext(ignored -> to.writeBinaryMessage(message));
        }
        if (socket != null && exit >= 0 && sent == end) {
            say("exit", body -> body.put("code", exit));
            ServerWebSocket to = socket;
            context.runOnContext(ignored -> to.close((short) 1000));
        }
    }

    private void say(String type, java.util.function.Consumer<ObjectNode> more) {
        ServerWebSocket to = socket;
        if (to != null) {
            ObjectNode body = Json.MAPPER.createObjectNode().put("type", type);
            more.accept(body);
            String text = body.toString();
            context.runOnContext(ignored -> to.writeTextMessage(text));
        }
    }

    void end() {
        process.destroyForcibly();
    }
}
