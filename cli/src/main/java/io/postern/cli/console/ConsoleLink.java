package io.postern.cli.console;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a console. All its callbacks run under the stream's lock, and after it was replaced they do nothing.
 * The fields that are not private are the stream's, under the same lock.
 */
final class ConsoleLink implements WebSocket.Listener {
    private final ConsoleStream stream;
    private final StringBuilder text = new StringBuilder();

    @Nullable
    WebSocket socket;

    boolean opened;
    boolean eofSent;
    boolean lost;
    private boolean asked = true;
    private int channel = -1;
    private long heard = System.nanoTime();
    private boolean pinged;

    ConsoleLink(ConsoleStream stream) {
        this.stream = stream;
    }

    WebSocket socket() {
        return java.util.Objects.requireNonNull(socket);
    }

    /** Silence is asked about after ten seconds and taken for a loss after the longest. */
    void watch(Duration longest) {
        if (!asked) {
            return;
        }
        long silent = Duration.ofNanos(System.nanoTime() - heard).toSeconds();
        if (silent >= longest.toSeconds()) {
            socket().abort();
            lose();
        } else if (silent >= 10 && !pinged) {
            pinged = true;
            socket().sendPing(ByteBuffer.allocate(0));
        }
    }

    void lose() {
        lost = true;
        synchronized (stream) {
            stream.notifyAll();
        }
    }

    void proceed() {
        if (!asked && stream.hasRoom()) {
            asked = true;
            heard = System.nanoTime();
            socket().request(1);
        }
    }

    private void next(WebSocket from) {
        heard = System.nanoTime();
        pinged = false;
        asked = stream.hasRoom();
        if (asked) {
            from.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        synchronized (stream) {
            if (!lost) {
                if (channel < 0 && data.hasRemaining()) {
                    channel = data.get();
                }
                if (data.hasRemaining()) {
                    byte[] bytes = new byte[data.remaining()];
                    data.get(bytes);
                    stream.output(channel, bytes);
                }
                if (last) {
                    channel = -1;
                }
                next(from);
            }
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        String line = null;
        synchronized (stream) {
            if (lost || text.length() + data.length() > 1024 * 1024) {
                lose();
                return null;
            }
            text.append(data);
            if (last) {
                line = stream.event(this, text.toString());
                text.setLength(0);
            }
            next(from);
        }
        if (line != null) {
            stream.say(line);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
        synchronized (stream) {
            next(from);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
        synchronized (stream) {
            next(from);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        synchronized (stream) {
            if (!lost) {
                stream.closed(code, reason);
                lose();
            }
        }
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        synchronized (stream) {
            lose();
        }
    }
}
