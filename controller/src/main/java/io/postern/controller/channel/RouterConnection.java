package io.postern.controller.channel;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.postern.transport.Channel;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.ctrl.pb.Listener;
import io.postern.wire.ctrl.pb.Listeners;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One control channel of one router. The epoch grows with each connection of any router: what belongs to an older epoch
 * is not this connection. Sending is allowed from any thread.
 */
public final class RouterConnection {
    /** Messages read and not yet handled, above which the router is not read any more. */
    private static final int MOST_HELD = 4096;

    private final Channel channel;
    private final long epoch;
    private final Instant connectedAt;
    private final byte[] groupSecret;
    private final AtomicInteger held = new AtomicInteger();
    private final String version;

    private volatile List<Listener> linkListeners;
    private volatile boolean synced;
    private volatile boolean quiesced;
    private volatile long heardNanos = System.nanoTime();
    private volatile EdgePresence edge = EdgePresence.NONE;

    RouterConnection(Channel channel, long epoch, Instant connectedAt, byte[] groupSecret) {
        this.groupSecret = groupSecret;
        this.channel = channel;
        this.epoch = epoch;
        this.connectedAt = connectedAt;
        this.version = text(Header.HELLO_VERSION);
        this.linkListeners = listeners(channel.peerHello().get(Header.CTRL_LISTENERS));
    }

    private String text(int header) {
        byte[] value = channel.peerHello().get(header);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static List<Listener> listeners(byte @Nullable [] value) {
        try {
            return value == null ? List.of() : Listeners.parseFrom(value).getListenersList();
        } catch (InvalidProtocolBufferException e) {
            return List.of();
        }
    }

    public String routerId() {
        return channel.peerId();
    }

    public long epoch() {
        return epoch;
    }

    public Instant connectedAt() {
        return connectedAt;
    }

    /** Whether a hello with this secret comes from the process that holds this connection. */
    boolean isOfGroup(byte @Nullable [] secret) {
        return secret != null && MessageDigest.isEqual(groupSecret, secret);
    }

    public Channel channel() {
        return channel;
    }

    /** As sent, {@code version|revision|date|os|arch}. */
    public String versionText() {
        return version;
    }

    /** The first part of the version text. */
    public String version() {
        int bar = version.indexOf('|');
        return bar < 0 ? version : version.substring(0, bar);
    }

    public List<Listener> linkListeners() {
        return linkListeners;
    }

    public void linkListeners(List<Listener> value) {
        linkListeners = List.copyOf(value);
    }

    /** What the router offers to SDKs; {@link EdgePresence#NONE} until it said so. */
    public EdgePresence edge() {
        return edge;
    }

    void edge(EdgePresence value) {
        edge = value;
    }

    /** Whether the router has been sent the model it asked for. */
    public boolean isSynced() {
        return synced;
    }

    public void synced() {
        synced = true;
    }

    /** Whether the router wants nothing new: it is about to go. A router that connects anew does want it. */
    public boolean isQuiesced() {
        return quiesced;
    }

    public void quiesced(boolean value) {
        quiesced = value;
    }

    public void send(FrameBuilder frame) {
        channel.send(frame);
    }

    /** A message without headers. */
    public void send(int contentType, MessageLite message) {
        channel.send(FrameBuilder.of(contentType).body(message.toByteArray()));
    }

    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        return channel.request(frame, timeout);
    }

    void heard() {
        heardNanos = System.nanoTime();
    }

    /** When the router last sent anything, by {@link System#nanoTime}. */
    long heardNanos() {
        return heardNanos;
    }

    /** One more message waits for the network loop; on the channel's loop. */
    void hold() {
        if (held.incrementAndGet() == MOST_HELD) {
            channel.pauseReading();
        }
    }

    void unhold() {
        if (held.decrementAndGet() == MOST_HELD / 2) {
            channel.resumeReading();
        }
    }

    @Override
    public String toString() {
        return "routerId=" + routerId() + " channelId=" + channel.id();
    }
}
