package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client that keeps what it is shown, and reads only while it wants to. */
class Watcher implements Viewer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_KEPT = 4 * 1024 * 1024;

    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Event> events = new ArrayList<>();
    private final boolean skips;
    private boolean reads = true;
    private long bytes;
    private long next = -1;
    private @Nullable End end;
    private @Nullable String fault;

    Watcher() {
        this(true);
    }

    Watcher(boolean skips) {
        this.skips = skips;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void output(Stream stream, ByteBuf chunk, long position) {
        if (next >= 0 && position != next) {
            fault = "bytes at " + position + " where " + next + " should be";
        }
        byte[] copy = new byte[chunk.readableBytes()];
        chunk.readBytes(copy);
        chunk.release();
        next = position + copy.length;
        bytes += copy.length;
        digest.update(copy);
        ByteArrayOutputStream to = stream == Stream.OUT ? out : err;
        if (to.size() < MOST_KEPT) {
            to.writeBytes(copy);
        }
        notifyAll();
    }

    @Override
    public synchronized boolean isWritable() {
        return reads;
    }

    @Override
    public boolean skips() {
        return skips;
    }

    @Override
    public synchronized void event(Event event) {
        if (end != null) {
            fault = "an event behind the end: " + event;
        }
        if (event instanceof Event.Opened opened) {
            next = opened.position();
        }
        if (event instanceof Event.Skipped skipped) {
            next = skipped.position();
        }
        events.add(event);
        notifyAll();
    }

    @Override
    public synchronized void ended(End why) {
        if (end != null) {
            fault = "a second end: " + why;
        }
        end = why;
        notifyAll();
    }

    synchronized void reads(boolean now) {
        reads = now;
    }

    synchronized String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    synchronized String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized <T extends Event> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    synchronized String sha() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized @Nullable String fault() {
        return fault;
    }

    synchronized @Nullable End end() {
        return end;
    }

    End awaitEnd() {
        await("the end", () -> end != null);
        return java.util.Objects.requireNonNull(end());
    }

    void awaitOut(String text) {
        await("output " + text, () -> out.toString(StandardCharsets.UTF_8).contains(text));
    }

    <T extends Event> T awaitEvent(Class<T> kind) {
        await(kind.getSimpleName(), () -> events.stream().anyMatch(kind::isInstance));
        return events(kind).getLast();
    }

    synchronized void await(String what, Supplier<Boolean> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.get()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("no " + what + " came; end " + end + ", events " + events + ", output "
                        + out.size() + " bytes: " + tail());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private String tail() {
        String all = out();
        return all.substring(Math.max(0, all.length() - 400));
    }
}
