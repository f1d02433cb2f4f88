package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of {@code console.postern.v1}: keeps what was said, counts what was printed, acknowledges what it reads. */
final class ConsoleSocket implements WebSocket.Listener, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEPT = 256 * 1024;
    private static final int ACK_EACH = 32 * 1024;

    private final List<JsonNode> said = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder printed = new StringBuilder();
    private @Nullable WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private long bytes;
    private long skipped;
    private long position;
    private long acknowledged;
    private int closeCode = -1;
    private String closeReason = "";
    private boolean reading = true;
    private @Nullable Throwable broken;

    /** A handshake that was refused. */
    static final class Refused extends Failed {
        private static final long serialVersionUID = 1;
        final int status;

        Refused(int status, String body) {
            super("refused with " + status + ": " + body);
            this.status = status;
        }
    }

    /** @param token empty when the path has a ticket */
    static ConsoleSocket open(HttpClient http, URI base, String path, String token) throws InterruptedException {
        ConsoleSocket console = new ConsoleSocket();
        WebSocket.Builder builder =
                http.newWebSocketBuilder().subprotocols("console.postern.v1").connectTimeout(PATIENCE);
        if (!token.isEmpty()) {
            builder.header("Authorization", "Bearer " + token);
        }
        URI address = URI.create("wss://" + base.getAuthority() + path);
        try {
            WebSocket opened = builder.buildAsync(address, console)
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            synchronized (console) {
                console.socket = opened;
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new Refused(
                        refused.getResponse().statusCode(),
                        String.valueOf(refused.getResponse().body()));
            }
            throw new Failed("no console: " + e.getCause(), e);
        }
        console.await("opened", message -> message.path("type").asText().equals("opened"));
        return console;
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(1);
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            JsonNode message = Rest.parse(text.toString());
            text.setLength(0);
            said.add(message);
            switch (message.path("type").asText()) {
                case "opened" -> {
                    position = message.path("position").asLong();
                    acknowledged = position;
                }
                case "skipped" -> {
                    skipped += message.path("bytes").asLong();
                    position = message.path("position").asLong();
                }
                case "ping" -> send(Rest.object().put("type", "pong"));
                default -> {}
            }
        }
        return next(from);
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        int length = data.remaining() - (headed ? 0 : 1);
        if (!headed) {
            data.get();
        }
        headed = !last;
        byte[] payload = new byte[data.remaining()];
        data.get(payload);
        bytes += length;
        position += length;
        printed.append(new String(payload, StandardCharsets.ISO_8859_1));
        if (printed.length() > 2 * KEPT) {
            printed.delete(0, printed.length() - KEPT);
        }
        if (position - acknowledged >= ACK_EACH) {
            acknowledged = position;
            send(Rest.object().put("type", "ack").put("position", position));
        }
        return next(from);
    }

    /** Has the message's first byte, the channel, been read? */
    private boolean headed;

    private @Nullable CompletionStage<?> next(WebSocket from) {
        notifyAll();
        if (reading) {
            from.request(1);
        }
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        closeReason = reason;
        notifyAll();
        return null;
    }

    @Override
    public synchronized void onError(WebSocket from, Throwable error) {
        broken = error;
        notifyAll();
    }

    /** Reads nothing more, as a client whose machine sleeps; later goes on. */
    synchronized void read(boolean on) {
        boolean resumed = on && !reading;
        reading = on;
        if (resumed && socket != null) {
            socket.request(1);
        }
    }

    synchronized void type(String input) {
        byte[] payload = ("\0" + input).getBytes(StandardCharsets.UTF_8);
        chain(to -> to.sendBinary(ByteBuffer.wrap(payload), true));
    }

    synchronized void send(ObjectNode message) {
        chain(to -> to.sendText(message.toString(), true));
    }

    private void chain(java.util.function.Function<WebSocket, CompletableFuture<WebSocket>> what) {
        WebSocket to = socket;
        if (to != null) {
            sent = sent.handle((done, failure) -> what.apply(to).exceptionally(lost -> to))
                    .thenCompose(stage -> stage);
        }
    }

    /** Waits for a message. */
    synchronized JsonNode await(String what, Predicate<JsonNode> fits) throws InterruptedException {
        awaitThat(what, () -> said.stream().anyMatch(fits));
        return said.stream().filter(fits).findFirst().orElseThrow();
    }

    /** Waits until this was printed. */
    synchronized void awaitPrinted(String part) throws InterruptedException {
        awaitThat("'" + part.strip() + "' printed", () -> printed.indexOf(part) >= 0);
    }

    /** Types, and waits for what comes of it. */
    void exchange(String input, String part) throws InterruptedException {
        type(input);
        awaitPrinted(part);
    }

    /** Waits for the end; the close code. */
    synchronized int awaitClosed() throws InterruptedException {
        awaitThat("the end", () -> closeCode >= 0 || broken != null);
        return closeCode;
    }

    synchronized boolean closed() {
        return closeCode >= 0 || broken != null;
    }

    synchronized String closeReason() {
        return closeCode + " " + closeReason + " "
                + said.stream()
                        .filter(message -> message.path("type").asText().equals("closing"))
                        .map(JsonNode::toString)
                        .findFirst()
                        .orElse("");
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long skipped() {
        return skipped;
    }

    private interface Check {
        boolean holds();
    }

    private void awaitThat(String what, Check check) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!check.holds()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            boolean over = closed() && !check.holds();
            if (left <= 0 || over) {
                int from = Math.max(0, printed.length() - 200);
                throw new Failed("no " + what + (over ? ", it ended: " + closeReason() : " in time") + " | said "
                        + said.stream().skip(Math.max(0, said.size() - 4)).toList() + " | printed "
                        + printed.substring(from).strip());
            }
            wait(left);
        }
    }

    synchronized String session() {
        return said.getFirst().path("session").asText();
    }

    @Override
    public void close() {
        WebSocket to = socket;
        if (to != null) {
            to.abort();
        }
    }
}
