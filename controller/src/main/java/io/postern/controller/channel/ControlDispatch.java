package io.postern.controller.channel;

import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.wire.Frame;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Reads one channel's frames and hands them to the features. On the channel's loop. */
final class ControlDispatch implements ChannelHandler {
    private static final Logger LOG = Logger.getLogger(ControlDispatch.class);
    private static final int MOST_UNKNOWN = 256;
    private static final Set<Integer> UNKNOWN = ConcurrentHashMap.newKeySet();

    private final RouterConnection connection;
    private final ControlHandlers handlers;
    private final Runnable closed;

    ControlDispatch(RouterConnection connection, ControlHandlers handlers, Runnable closed) {
        this.connection = connection;
        this.handlers = handlers;
        this.closed = closed;
    }

    @Override
    public void frame(Channel channel, Frame frame) {
        try {
            connection.heard();
            ControlHandlers.Handler handler = handlers.of(frame.contentType());
            if (handler != null) {
                handler.frame(connection, frame);
            } else if (UNKNOWN.size() < MOST_UNKNOWN && UNKNOWN.add(frame.contentType())) {
                LOG.infof(
                        "control.message.unknown contentType=%d %s: ignored, said once",
                        frame.contentType(), connection);
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void latency(Channel channel, Duration roundTrip) {
        connection.heard();
    }

    @Override
    public void closed(Channel channel, CloseCause cause) {
        LOG.debugf("control.channel.closed %s cause=\"%s\"", connection, cause);
        closed.run();
    }
}
