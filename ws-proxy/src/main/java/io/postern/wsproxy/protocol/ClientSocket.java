package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import io.postern.wsproxy.hub.Seat;
import io.postern.wsproxy.hub.Size;
import io.postern.wsproxy.hub.Viewer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket at a console. The hub hands it output on its own loop; one hop carries everything that has come together by then
 * to the socket's loop, where it is merged into few messages and one flush. What is under way, queued or with the kernel, is
 * counted, and decides whether the hub may hand over more.
 */
public final class ClientSocket implements Viewer, Client {
    /** Under way at most, about; then the hub waits until half of it has gone. */
    private static final long HIGH = 512 * 1024;

    private static final long LOW = HIGH / 2;
    private static final int LONGEST = 64 * 1024 + 1;

    private final ServerWebSocket socket;
    private final ChannelHandlerContext channel;
    private final Protocol protocol;
    private final Duration ping;
    private final Duration silence;
    private final MessageReader reader = new MessageReader(LONGEST);
    private final Typing typing;
    private final Messages messages = new Messages(this::handOver);
    private final Queue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong underWay = new AtomicLong();
    private volatile long handed;
    private volatile long acknowledged;
    private volatile boolean hubWaits;
    private volatile boolean gone;
    private @Nullable Seat seat;
    private boolean closing;
    private boolean left;
    private boolean ended;
    private long heard = System.nanoTime();

    /** What the hub hands over. */
    private sealed interface Item {
        record Output(Stream stream, ByteBuf bytes) implements Item {}

        record Happened(Event event) implements Item {}

        record Over(End end) implements Item {}
    }

    /** @param silence a pinged client that says nothing for this long is lost */
    public ClientSocket(
            ServerWebSocket socket, HttpConnection connection, Protocol protocol, Duration ping, Duration silence) {
        this.socket = socket;
        // frames go to the channel itself: Vert.x would copy each and flush each
        this.channel = ((ConnectionBase) connection).channelHandlerContext();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            // A whole message's records in one buffer. Were it less or more, parts of two would be copied together each
            // time.
            tls.setWrapDataSize(BinaryMessage.LONGEST);
        }
        this.protocol = protocol;
        this.ping = ping;
        this.silence = silence;
        this.typing = new Typing(socket, channel.executor(), protocol.window(), () -> heard = System.nanoTime());
    }

    /** Sits down and begins. On the socket's loop, once. */
    public void begin(Vertx vertx, Function<Viewer, Seat> join, Runnable afterwards) {
        Seat mine = join.apply(this);
        seat = mine;
        typing.begin(mine);
        socket.exceptionHandler(failure -> {});
        socket.pongHandler(pong -> heard = System.nanoTime());
        socket.frameHandler(this::frame);
        long timer = vertx.setPeriodic(Math.max(1, ping.toMillis()), id -> quiet());
        socket.closeHandler(nothing -> {
            vertx.cancelTimer(timer);
            lost(mine);
            afterwards.run();
        });
        socket.resume();
        if (socket.isClosed()) {
            lost(mine);
        }
        drain();
    }

    private void lost(Seat mine) {
        if (gone) {
            return;
        }
        gone = true;
        reader.drop();
        typing.stop();
        release();
        if (!ended && !left) {
            if (protocol.resumes()) {
                mine.lost();
            } else {
                mine.leave();
            }
        }
    }

    private void quiet() {
        long nanos = System.nanoTime() - heard;
        if (closing || !protocol.answersPings() || typing.waits()) {
            return; // what is not read cannot answer
        }
        if (nanos > silence.toNanos()) {
            channel.close();
        } else if (nanos > ping.toNanos() / 2) {
            protocol.quiet(this);
            channel.flush();
        }
    }

    // from the hub, on its loop

    @Override
    public boolean isWritable() {
        if (hasRoom(HIGH)) {
            return true;
        }
        hubWaits = true;
        // room may have come between the look and the mark
        if (hasRoom(HIGH)) {
            hubWaits = false;
            return true;
        }
        return false;
    }

    private boolean hasRoom(long limit) {
        int window = protocol.window();
        return !gone && underWay.get() < limit && (window == 0 || handed - acknowledged < window);
    }

    @Override
    public void output(Stream stream, ByteBuf bytes, long position) {
        underWay.addAndGet(bytes.readableBytes());
        handed = position + bytes.readableBytes();
        add(new Item.Output(stream, bytes));
    }

    @Override
    public void event(Event event) {
        if (event instanceof Event.Opened opened) {
            handed = opened.position();
            acknowledged = opened.position();
        } else if (event instanceof Event.Skipped skipped) {
            handed = skipped.position();
        }
        add(new Item.Happened(event));
    }

    @Override
    public void ended(End end) {
        add(new Item.Over(end));
    }

    private void add(Item item) {
        queue.add(item);
        if (scheduled.compareAndSet(false, true)) {
            channel.executor().execute(this::drain);
        }
    }

    // on the socket's loop

    private void drain() {
        scheduled.set(false);
        if (seat == null) {
            return; // begin() drains again
        }
        for (Item item = queue.poll(); item != null; item = queue.poll()) {
            if (gone || closing) {
                drop(item);
            } else {
                switch (item) {
                    case Item.Output output -> messages.add(output.stream(), output.bytes());
                    case Item.Happened happened -> {
                        messages.emit();
                        protocol.event(happened.event(), this);
                    }
                    case Item.Over over -> {
                        messages.emit();
                        ended = true;
                        protocol.ended(over.end(), this);
                    }
                }
            }
        }
        if (gone) {
            release();
        } else {
            messages.emit();
            channel.flush();
        }
    }

    private void handOver(Stream stream, ByteBuf bytes) {
        int length = bytes.readableBytes();
        protocol.output(stream, bytes, this);
        underWay.addAndGet(-length);
    }

    private void drop(Item item) {
        if (item instanceof Item.Output output) {
            underWay.addAndGet(-output.bytes().readableBytes());
            output.bytes().release();
        }
    }

    private void release() {
        messages.drop();
        for (Item item = queue.poll(); item != null; item = queue.poll()) {
            drop(item);
        }
    }

    private void roomAgain() {
        Seat mine = seat;
        if (hubWaits && mine != null && hasRoom(LOW)) {
            hubWaits = false;
            mine.writable();
        }
    }

    @Override
    public void send(ByteBuf message) {
        send(BinaryMessage.NO_CHANNEL, message);
    }

    @Override
    public void send(int to, ByteBuf payload) {
        if (closing || gone) {
            payload.release();
            return;
        }
        ByteBuf frame = BinaryMessage.frame(channel.alloc(), to, payload);
        int length = frame.readableBytes();
        underWay.addAndGet(length);
        channel.write(frame).addListener(written -> {
            underWay.addAndGet(-length);
            roomAgain();
        });
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void send(String message) {
        if (!closing && !gone) {
            channel.write(new TextWebSocketFrame(message));
        }
    }

    @Override
    public void ping() {
        if (!closing && !gone) {
            channel.write(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
        }
    }

    @Override
    public void close(int code, String reason) {
        if (closing || gone) {
            return;
        }
        closing = true;
        channel.flush();
        socket.resume(); // the client's answer is to be read
        socket.close((short) code, Closing.shortened(reason));
    }

    @Override
    public void later(long millis, Runnable task) {
        channel.executor()
                .schedule(
                        () -> {
                            if (!gone && !closing) {
                                task.run();
                            }
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    /** The bytes of Vert.x's own buffers need no release; the method that shows them is deprecated for an internal one. */
    @SuppressWarnings("deprecation")
    private void frame(WebSocketFrame frame) {
        heard = System.nanoTime();
        if (frame.isClose() || frame.isPing() || closing || gone) {
            return;
        }
        boolean isText = frame.isText();
        if (!isText && !frame.isBinary() && !frame.isContinuation()) {
            return;
        }
        ByteBuf bytes = frame.binaryData().getByteBuf();
        switch (reader.frame(bytes, isText, !frame.isContinuation(), frame.isFinal())) {
            case MessageReader.Read.Binary binary -> protocol.received(binary.bytes(), this);
            case MessageReader.Read.Text text -> protocol.received(text.text(), this);
            case MessageReader.Read.Part part -> {}
            case MessageReader.Read.TooLong tooLong -> close(Closing.TOO_BIG, "The message is too long.");
            case MessageReader.Read.NoText noText -> close(Closing.POLICY, "The text is no UTF-8.");
        }
        channel.flush();
    }

    @Override
    public void input(ByteBuf bytes) {
        typing.add(bytes);
    }

    @Override
    public void closeInput() {
        typing.end();
    }

    @Override
    public void resize(Size size) {
        if (seat != null) {
            seat.resize(size);
        }
    }

    @Override
    public void leave() {
        if (seat != null && !left && !ended) {
            left = true;
            seat.leave();
        }
        close(Closing.NORMAL, "Detached.");
    }

    @Override
    public void acknowledge(long position) {
        // nobody can have seen what was not handed over
        if (position > acknowledged && position <= handed) {
            acknowledged = position;
            roomAgain();
        }
    }
}
