package io.postern.controller.channel;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBufInputStream;
import io.postern.controller.network.NetworkLoop;
import io.postern.wire.Frame;
import io.postern.wire.MalformedFrame;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which feature hears which content type. Messages are read on their channel's loop and heard on the network loop. */
public final class ControlHandlers {
    private final Map<Integer, Handler> byType = new ConcurrentHashMap<>();
    private final NetworkLoop network;

    /** Reads a frame at once and handles it later; does not keep the frame. */
    @FunctionalInterface
    interface Handler {
        void frame(RouterConnection from, Frame frame);
    }

    ControlHandlers(NetworkLoop network) {
        this.network = network;
    }

    /** A message whose body is a protobuf message. */
    public <T> void on(int contentType, Parser<T> parser, Consumer<Incoming<T>> handler) {
        onFrame(contentType, frame -> parse(frame, parser), handler);
    }

    /** As above, with a second step that also runs on the channel's loop, such as verifying tokens. */
    public <M, T> void on(int contentType, Parser<M> parser, Function<M, T> reader, Consumer<Incoming<T>> handler) {
        onFrame(contentType, frame -> reader.apply(parse(frame, parser)), handler);
    }

    /** A message that is read from the frame itself; the reader may throw {@link MalformedFrame} and keeps no buffer. */
    public <T> void onFrame(int contentType, Function<Frame, T> reader, Consumer<Incoming<T>> handler) {
        Handler known = byType.putIfAbsent(contentType, (from, frame) -> {
            Incoming<T> incoming = Incoming.of(from, frame, reader.apply(frame));
            from.hold();
            network.execute(() -> {
                from.unhold();
                handler.accept(incoming);
            });
        });
        if (known != null) {
            throw new IllegalStateException("two features hear content type " + contentType);
        }
    }

    @Nullable
    Handler of(int contentType) {
        return byType.get(contentType);
    }

    private static <T> T parse(Frame frame, Parser<T> parser) {
        try (ByteBufInputStream in = new ByteBufInputStream(frame.body())) {
            return parser.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrame("body of content type " + frame.contentType() + " is no message");
        } catch (IOException e) {
            throw new MalformedFrame("body of content type " + frame.contentType() + " cannot be read");
        }
    }
}
