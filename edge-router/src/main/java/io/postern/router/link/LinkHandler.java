package io.postern.router.link;

import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import java.time.Duration;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One Link's channel: hands what it carries to the traffic, and its life to the table. Called on the Link's loop. */
final class LinkHandler implements ChannelHandler {
    private static final Logger LOG = Logger.getLogger(LinkHandler.class);

    private final Links links;
    private final LinkTraffic traffic;
    private final Function<Channel, Link> opening;
    private @Nullable Link link;

    LinkHandler(Links links, LinkTraffic traffic, Function<Channel, Link> opening) {
        this.links = links;
        this.traffic = traffic;
        this.opening = opening;
    }

    @Override
    public void opened(Channel channel) {
        Link opened = opening.apply(channel);
        if (opened.dialled && !channel.peerId().equals(opened.routerId())) {
            LOG.warnf(
                    "link.refused linkId=%s routerId=%s why=router %s answers",
                    opened.id, opened.routerId(), channel.peerId());
            channel.close("another router answers");
            return;
        }
        link = opened;
        links.add(opened);
    }

    @Override
    public void frame(Channel channel, Frame frame) {
        Link from = link;
        switch (frame.contentType()) {
            case ContentType.XG_PAYLOAD,
                    ContentType.XG_ACKNOWLEDGEMENT,
                    ContentType.XG_CONTROL,
                    ContentType.XG_CLOSE -> {
                if (from == null) {
                    frame.release();
                } else {
                    traffic.received(from.id, frame);
                }
            }
            default -> frame.release();
        }
    }

    @Override
    public void writable(Channel channel, boolean writable) {
        if (link != null) {
            traffic.writable(link.id, writable);
        }
    }

    @Override
    public void latency(Channel channel, Duration roundTrip) {
        if (link == null) {
            return;
        }
        links.latencies().add(roundTrip.toNanos());
        if (link.sample(roundTrip.toNanos())) {
            links.measured(link);
        }
    }

    @Override
    public void closed(Channel channel, CloseCause cause) {
        if (link != null) {
            links.closed(link, cause);
        }
    }
}
