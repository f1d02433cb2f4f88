package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import io.postern.wsproxy.hub.Viewer.Stream;
import java.nio.charset.StandardCharsets;

/**
 * {@code v5.channel.k8s.io}: binary messages, the first byte is the channel (container-ws sheet 2.1). What the request did not
 * ask for is neither taken nor given.
 */
public final class ChannelProtocol implements Protocol {
    /** Name for negotiation. */
    public static final String NAME = "v5.channel.k8s.io";

    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;
    private static final int STATUS = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 0xFF;

    private final boolean input;
    private final boolean output;
    private final boolean error;

    public ChannelProtocol(boolean input, boolean output, boolean error) {
        this.input = input;
        this.output = output;
        this.error = error;
    }

    @Override
    public void output(Stream stream, ByteBuf bytes, Client client) {
        boolean wanted = stream == Stream.OUT ? output : error;
        if (wanted) {
            client.send(stream == Stream.OUT ? OUTPUT : ERROR, bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void event(Event event, Client client) {
        switch (event) {
            // clients wait for an empty message on the lowest channel before they believe in the connection
            case Event.Opened opened -> client.send(OUTPUT, Unpooled.EMPTY_BUFFER);
            case Event.Skipped skipped -> client.send(error ? ERROR : OUTPUT, Notes.skipped(skipped));
            default -> {}
        }
    }

    @Override
    public void ended(End end, Client client) {
        client.send(STATUS, Unpooled.copiedBuffer(StatusMessage.of(end), StandardCharsets.UTF_8));
        Closing closing = Closing.of(end);
        client.close(closing.code(), closing.sentence());
    }

    @Override
    public void received(ByteBuf message, Client client) {
        if (!message.isReadable()) {
            message.release();
            return;
        }
        int channel = message.readUnsignedByte();
        if (channel == INPUT && input) {
            if (message.isReadable()) {
                client.input(message);
                return;
            }
        } else if (channel == RESIZE) {
            resize(message, client);
        } else if (channel == CLOSE && message.readableBytes() == 1 && message.readByte() == INPUT && input) {
            client.closeInput();
        }
        message.release();
    }

    private static void resize(ByteBuf message, Client client) {
        if (message.readableBytes() <= ResizeMessage.LONGEST) {
            ResizeMessage.kubernetes(message.toString(StandardCharsets.UTF_8)).ifPresent(client::resize);
        }
    }

    @Override
    public void received(String message, Client client) {
        client.close(Closing.NOT_ACCEPTABLE, "Text frames are not supported.");
    }

    @Override
    public void quiet(Client client) {
        client.ping();
    }

    @Override
    public boolean answersPings() {
        return true;
    }

    /** Its clients know no session to come back to; a command must not outlive them. */
    @Override
    public boolean resumes() {
        return false;
    }
}
