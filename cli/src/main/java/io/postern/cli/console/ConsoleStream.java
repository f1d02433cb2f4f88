package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.cli.Json;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One console over any number of connections: counts bytes both ways, so that after a lost connection both sides go on
 * where they were. Thread-safe; {@link #run} drives it and blocks until it is over.
 */
final class ConsoleStream {
    private static final int WINDOW = 256 * 1024;
    private static final String DETACH = "{\"type\":\"detach\"}";

    /** Opens a connection. */
    interface Door {
        WebSocket open(String path, WebSocket.Listener listener) throws IOException;
    }

    /** What the user is told beside the bytes. Called without locks. */
    interface Notices {
        void say(String line);
    }

    private final String path;
    private final boolean owner;
    private final Output output;
    private final Typed typed = new Typed();
    private final Deque<String> controls = new ArrayDeque<>();
    private final Notices notices;
    private final Reconnecting reconnecting;

    private @Nullable ConsoleLink current;
    private @Nullable Ending ending;
    private String session = "";
    private int window = WINDOW;
    private long received;
    private long written;
    private boolean inputEnded;
    private boolean left;
    private String size = "";
    private String told = "";

    /**
     * @param path of the first connection
     * @param owner may it type? An observer may not
     */
    ConsoleStream(String path, boolean owner, Door door, Output output, Notices notices, Duration patience) {
        this.path = path;
        this.owner = owner;
        this.output = output;
        this.notices = notices;
        this.reconnecting = new Reconnecting(door, notices, patience);
    }

    /** Runs the console to its end. Fails only when it never began. */
    Ending run() throws IOException, InterruptedException {
        Thread writer = Thread.ofPlatform().daemon().name("output").start(() -> output.run(this));
        ConsoleLink first = new ConsoleLink(this);
        adopt(first, reconnecting.first(path, first));
        while (true) {
            pump();
            synchronized (this) {
                if (ending != null) {
                    break;
                }
                if (session.isEmpty()) {
                    ending = new Ending.Lost("The connection broke before the console began.");
                    break;
                }
            }
            ConsoleLink next = new ConsoleLink(this);
            switch (reconnecting.again(this::resumePath, next, this::over)) {
                case Reconnecting.Back back -> adopt(next, back.socket());
                case Reconnecting.Gone gone -> end(new Ending.Lost(gone.why()));
                case Reconnecting.NotNeeded ignored -> {
                    // Somebody ended it meanwhile.
                }
            }
        }
        output.finish();
        writer.join(leaving() ? 1000 : 0); // who leaves does not wait for a pipe that nobody reads
        goodbye();
        synchronized (this) {
            return java.util.Objects.requireNonNull(ending);
        }
    }

    private synchronized String resumePath() {
        return "/v1/sessions/" + Target.encoded(session) + "/stream?from=" + received + "&observe=" + !owner;
    }

    private synchronized boolean over() {
        return ending != null;
    }

    /** A connection may have brought a window full, and all of it be written, before it is ours: nobody was told of that. */
    private synchronized void adopt(ConsoleLink connection, WebSocket socket) {
        connection.socket = socket;
        if (connection.lost) {
            return;
        }
        current = connection;
        if (written == received) {
            control(acknowledged());
        }
        if (left) {
            control(DETACH);
        }
        connection.proceed();
    }

    private synchronized boolean leaving() {
        return left;
    }

    /** Sends whatever there is to send, until the connection or the console is over. */
    private void pump() throws InterruptedException {
        while (true) {
            WebSocket socket;
            String control;
            byte[] input = null;
            synchronized (this) {
                ConsoleLink connection = current;
                if (connection == null || connection.lost) {
                    current = null;
                    controls.clear();
                    return;
                }
                control = controls.poll();
                if (control == null && ending != null) {
                    return;
                }
                if (control == null && connection.opened && owner) {
                    input = typed.next(window);
                    if (typed.allSent() && input == null && inputEnded && !connection.eofSent) {
                        connection.eofSent = true;
                        control = "{\"type\":\"eof\"}";
                    }
                }
                if (control == null && input == null) {
                    connection.watch(Duration.ofSeconds(30));
                    wait(1000);
                    continue;
                }
                socket = connection.socket();
            }
            try {
                sent(
                        control == null
                                ? socket.sendBinary(ByteBuffer.wrap(framed(input)), true)
                                : socket.sendText(control, true));
            } catch (ExecutionException e) {
                broken(socket);
            }
        }
    }

    /** Waits for a message to be on its way. A side that does not take input may be slow for long. */
    private void sent(CompletableFuture<WebSocket> message) throws ExecutionException, InterruptedException {
        while (true) {
            try {
                message.get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                synchronized (this) {
                    if (current == null || current.lost) {
                        return;
                    }
                    current.watch(Duration.ofMinutes(2));
                }
            }
        }
    }

    private static byte[] framed(byte[] input) {
        byte[] message = new byte[input.length + 1];
        System.arraycopy(input, 0, message, 1, input.length);
        return message;
    }

    private void broken(WebSocket socket) {
        synchronized (this) {
            if (current != null && current.socket == socket) {
                current.lose();
            }
        }
    }

    /** A clean close, so that the other side need not guess; a console that lasts was told before that we leave. */
    private void goodbye() {
        WebSocket last;
        synchronized (this) {
            last = current == null || current.lost ? null : current.socket;
            current = null;
        }
        if (last != null) {
            try {
                last.sendClose(WebSocket.NORMAL_CLOSURE, "").get(2, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                last.abort();
            }
        }
    }

    /** Adds input; blocks while the other side is not taking it. False when the console is over. */
    synchronized boolean type(byte[] bytes) throws InterruptedException {
        while (typed.full() && ending == null) {
            wait();
        }
        if (ending != null) {
            return false;
        }
        typed.add(bytes);
        notifyAll();
        return true;
    }

    synchronized void endInput() {
        inputEnded = true;
        notifyAll();
    }

    synchronized void resize(int columns, int rows) {
        size = Json.MAPPER
                .createObjectNode()
                .put("type", "resize")
                .put("cols", columns)
                .put("rows", rows)
                .toString();
        control(size);
    }

    /** Leaves for good; what ran is told, also by a connection that is not there yet. */
    synchronized void leave(Ending how) {
        left = true;
        control(DETACH);
        end(how);
    }

    private synchronized void control(String message) {
        if (current != null && current.opened) {
            controls.add(message);
        }
        notifyAll();
    }

    private synchronized void end(Ending how) {
        if (ending == null) {
            ending = how;
        }
        notifyAll();
    }

    /** The output was written up to this position. */
    synchronized void written(long position) {
        written = position;
        control(acknowledged());
        if (current != null) {
            current.proceed();
        }
    }

    private String acknowledged() {
        ObjectNode ack = Json.MAPPER.createObjectNode();
        return ack.put("type", "ack").put("position", written).toString();
    }

    synchronized int window() {
        return window;
    }

    /** Under the lock. Output of the other side. */
    void output(int channel, byte[] bytes) {
        received += bytes.length;
        output.add(channel, bytes);
    }

    /** Is there room for another message? */
    boolean hasRoom() {
        return output.hasRoom(window);
    }

    void say(String line) {
        notices.say(line);
    }

    /** Under the lock. What the user is to be told of it, or null. */
    @Nullable
    String event(ConsoleLink link, String message) {
        JsonNode event;
        try {
            event = Json.MAPPER.readTree(message);
        } catch (IOException e) {
            return null;
        }
        return switch (event.path("type").asText()) {
            case "opened" -> opened(link, event);
            case "input" -> {
                typed.taken(event.path("position").asLong());
                notifyAll();
                yield null;
            }
            case "ping" -> {
                control("{\"type\":\"pong\"}");
                yield null;
            }
            case "skipped" -> {
                received = event.path("position").asLong(received);
                output.skipTo(received);
                yield event.path("bytes").asLong() + " bytes of output were skipped: this side was too slow.";
            }
            case "paused" -> "The container is paused.";
            case "unpaused" -> "The container goes on.";
            case "exit" -> {
                end(new Ending.Exited(event.path("code").asInt()));
                yield null;
            }
            case "closing" -> {
                closing(event);
                yield null;
            }
            default -> null; // a newer server may say more
        };
    }

    private @Nullable String opened(ConsoleLink link, JsonNode event) {
        String line = null;
        long position = event.path("position").asLong();
        if (session.isEmpty()) {
            received = position;
            output.skipTo(position);
        } else if (position > received) {
            line = (position - received) + " bytes of output were lost while the connection was away.";
            received = position;
            output.skipTo(position);
        } else if (position < received) {
            output.repeat(received - position);
            received = position;
        }
        session = event.path("session").asText();
        window = Math.max(1024, event.path("window").asInt(WINDOW));
        if (owner && !typed.resume(event.path("input").asLong())) {
            end(new Ending.Lost("The other side lost count of what was typed."));
        }
        link.opened = true;
        if (!size.isEmpty() && owner) {
            controls.add(size);
        }
        notifyAll();
        return line;
    }

    private void closing(JsonNode event) {
        told = event.path("message").asText(event.path("reason").asText());
        if (!event.path("resumable").asBoolean()) {
            boolean fair = event.path("reason").asText().matches("detached|ended|closed");
            end(fair ? new Ending.Closed(told) : new Ending.Lost(told));
        }
    }

    /** Without a word before, a close by policy is final, a normal one is an end, and any other is a loss. */
    void closed(int code, String reason) {
        if (code == WebSocket.NORMAL_CLOSURE) {
            end(new Ending.Closed(reason));
        } else if (code == 1008) {
            end(new Ending.Lost(reason.isEmpty() ? "This console is not allowed any more." : reason));
        }
    }
}
