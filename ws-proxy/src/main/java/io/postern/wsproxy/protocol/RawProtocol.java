package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import io.postern.wsproxy.hub.Viewer.Stream;
import java.nio.charset.StandardCharsets;

/**
 * {@code binary}: nothing but the terminal's bytes. Its stock client decodes each message alone as UTF-8, takes an empty one
 * for the end, freezes when pinged, reads one message per wake-up and shows no close reason (container-ws sheet 1.10): so
 * characters stay whole, nothing empty is sent, messages are flushed one by one, and what is to be said is printed.
 */
public final class RawProtocol implements Protocol {
    /** Name for negotiation. */
    public static final String NAME = "binary";

    /** Longest wait for the rest of a character. */
    private static final long HELD_MILLIS = 20;

    private final boolean text;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private long turn;

    /** @param text the client dies of what is no UTF-8: it gets U+FFFD instead */
    public RawProtocol(boolean text) {
        this.text = text;
    }

    @Override
    public void output(Stream stream, ByteBuf bytes, Client client) {
        turn++;
        ByteBuf whole = bytes;
        if (held.isReadable()) {
            whole = Unpooled.wrappedBuffer(held, bytes);
            held = Unpooled.EMPTY_BUFFER;
        }
        int tail = Utf8Tail.length(whole);
        if (tail > 0) {
            // at most three bytes: a copy lets go of the buffer they came in
            held = Unpooled.copiedBuffer(whole.slice(whole.writerIndex() - tail, tail));
            whole.writerIndex(whole.writerIndex() - tail);
            long now = turn;
            client.later(HELD_MILLIS, () -> {
                if (turn == now) {
                    release(client);
                }
            });
        }
        message(whole, client);
    }

    private void release(Client client) {
        ByteBuf last = held;
        held = Unpooled.EMPTY_BUFFER;
        message(last, client);
    }

    private void message(ByteBuf bytes, Client client) {
        if (!bytes.isReadable()) {
            bytes.release();
            return;
        }
        client.send(text ? readable(bytes) : bytes);
        client.flush();
    }

    private static ByteBuf readable(ByteBuf bytes) {
        if (ByteBufUtil.isText(bytes, StandardCharsets.UTF_8)) {
            return bytes;
        }
        String shown = bytes.toString(StandardCharsets.UTF_8);
        bytes.release();
        return Unpooled.copiedBuffer(shown, StandardCharsets.UTF_8);
    }

    @Override
    public void event(Event event, Client client) {
        if (event instanceof Event.Skipped skipped) {
            message(Notes.skipped(skipped), client);
        }
    }

    @Override
    public void ended(End end, Client client) {
        turn++;
        release(client);
        Closing closing = Closing.of(end);
        boolean quietly = end instanceof End.Detached || end instanceof End.Exit exit && exit.code() == 0;
        if (!quietly) {
            message(Notes.line(closing.sentence()), client);
        }
        client.close(Closing.NORMAL, closing.sentence());
    }

    @Override
    public void received(ByteBuf message, Client client) {
        if (message.isReadable()) {
            client.input(message);
        } else {
            message.release();
        }
    }

    @Override
    public void received(String message, Client client) {
        client.close(Closing.NOT_ACCEPTABLE, "Text frames are not supported.");
    }

    @Override
    public void quiet(Client client) {
        // a ping would freeze the keyboard of a Zun client
    }

    @Override
    public boolean answersPings() {
        return false;
    }

    @Override
    public boolean resumes() {
        return false;
    }
}
