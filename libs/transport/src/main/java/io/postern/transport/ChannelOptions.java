package io.postern.transport;

import io.netty.channel.WriteBufferWaterMark;
import io.postern.fabric.channel.Heartbeats;
import io.postern.wire.FrameLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * How a Channel behaves once it is open.
 *
 * @param idleTimeout silence after which the peer counts as dead; zero never
 * @param waterMark pending bytes between which {@link Channel#isWritable} turns
 * @param mostPending pending bytes at which a peer that does not read loses its channel
 */
public record ChannelOptions(
        FrameLimits limits,
        Optional<Heartbeats> heartbeats,
        Duration idleTimeout,
        WriteBufferWaterMark waterMark,
        long mostPending) {

    private static final WriteBufferWaterMark MARK = new WriteBufferWaterMark(128 * 1024, 512 * 1024);

    /** SDK channels: every SDK probes at least once a minute. */
    public static final ChannelOptions EDGE =
            new ChannelOptions(FrameLimits.EDGE, Optional.empty(), Duration.ofSeconds(150), MARK, 96L * 1024 * 1024);

    /** Links between routers: heartbeats find a dead peer, silence means nothing. */
    public static final ChannelOptions LINK =
            new ChannelOptions(FrameLimits.LINK, Optional.of(Heartbeats.LINK), Duration.ZERO, MARK, 96L * 1024 * 1024);

    /** Control channels: as links, with room for a whole data model. */
    public static final ChannelOptions CONTROL = new ChannelOptions(
            FrameLimits.CONTROL, Optional.of(Heartbeats.CONTROL), Duration.ZERO, MARK, 256L * 1024 * 1024);

    public ChannelOptions withHeartbeats(Heartbeats value) {
        return new ChannelOptions(limits, Optional.of(value), idleTimeout, waterMark, mostPending);
    }

    public ChannelOptions withoutHeartbeats() {
        return new ChannelOptions(limits, Optional.empty(), idleTimeout, waterMark, mostPending);
    }

    public ChannelOptions withIdleTimeout(Duration value) {
        return new ChannelOptions(limits, heartbeats, value, waterMark, mostPending);
    }

    public ChannelOptions withPending(WriteBufferWaterMark mark, long most) {
        return new ChannelOptions(limits, heartbeats, idleTimeout, mark, most);
    }

    public ChannelOptions withLimits(FrameLimits value) {
        return new ChannelOptions(value, heartbeats, idleTimeout, waterMark, mostPending);
    }
}
