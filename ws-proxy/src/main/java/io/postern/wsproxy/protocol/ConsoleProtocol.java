package io.postern.wsproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import io.postern.wsproxy.hub.Viewer.Stream;
import java.util.Locale;

/**
 * {@code console.postern.v1}, the browser's and the command line's: binary messages of a channel byte and bytes, text messages
 * of one JSON object, positions for flow control and for coming back.
 */
public final class ConsoleProtocol implements Protocol {
    /** Name for negotiation. */
    public static final String NAME = "console.postern.v1";

    /** Most bytes on the way without an acknowledgement, in either direction. */
    static final int WINDOW = 512 * 1024;

    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;

    private final ContainerFacts container;

    public ConsoleProtocol(ContainerFacts container) {
        this.container = container;
    }

    @Override
    public void output(Stream stream, ByteBuf bytes, Client client) {
        client.send(stream == Stream.OUT ? OUTPUT : ERROR, bytes);
    }

    @Override
    public void event(Event event, Client client) {
        ObjectNode message = switch (event) {
            case Event.Opened opened -> opened(opened);
            case Event.Resized resized ->
                message("resized")
                        .put("cols", resized.size().columns())
                        .put("rows", resized.size().rows());
            case Event.Viewers viewers -> viewers(viewers);
            case Event.Skipped skipped ->
                message("skipped").put("bytes", skipped.bytes()).put("position", skipped.position());
            case Event.Paused paused -> message("paused");
            case Event.Unpaused unpaused -> message("unpaused");
            case Event.InputTaken taken -> message("input").put("position", taken.position());
            case Event.Renamed renamed -> message("renamed").put("name", renamed.name());
        };
        if (event instanceof Event.Opened opened) {
            client.acknowledge(opened.position());
        } else if (event instanceof Event.Skipped skipped) {
            client.acknowledge(skipped.position());
        }
        client.send(message.toString());
    }

    private static ObjectNode message(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private ObjectNode opened(Event.Opened opened) {
        ObjectNode message = message("opened")
                .put("session", opened.session().value())
                .put("kind", opened.kind().name().toLowerCase(Locale.ROOT))
                .put("host", container.host().value());
        message.putObject("container")
                .put("id", container.id())
                .put("name", container.name())
                .put("image", container.image());
        return message.put("tty", opened.tty())
                .put("observer", opened.observer())
                .put("cols", opened.size().columns())
                .put("rows", opened.size().rows())
                .put("position", opened.position())
                .put("input", opened.input())
                .put("window", WINDOW)
                .put("recording", opened.recorded())
                .put("resumed", opened.resumed());
    }

    private static ObjectNode viewers(Event.Viewers viewers) {
        ObjectNode message = message("viewers");
        ArrayNode list = message.putArray("list");
        viewers.all()
                .forEach(viewer -> list.addObject()
                        .put("name", viewer.name())
                        .put("observer", viewer.observer())
                        .put("you", viewer.you()));
        return message;
    }

    @Override
    public void ended(End end, Client client) {
        if (end instanceof End.Exit exit) {
            client.send(message("exit").put("code", exit.code()).toString());
        }
        Closing closing = Closing.of(end);
        client.send(message("closing")
                .put("reason", closing.word())
                .put("message", closing.sentence())
                .put("resumable", closing.resumable())
                .toString());
        client.close(closing.code(), closing.sentence());
    }

    @Override
    public void received(ByteBuf message, Client client) {
        if (message.readableBytes() > 1 && message.readUnsignedByte() == INPUT) {
            client.input(message);
        } else {
            message.release();
        }
    }

    @Override
    public void received(String message, Client client) {
        switch (ControlMessage.read(message)) {
            case ControlMessage.Resize resize -> client.resize(resize.size());
            case ControlMessage.Ack ack -> client.acknowledge(ack.position());
            case ControlMessage.Eof eof -> client.closeInput();
            case ControlMessage.Detach detach -> client.leave();
            case ControlMessage.Nothing nothing -> {}
            case ControlMessage.Malformed malformed -> client.close(Closing.POLICY, "Not a message of " + NAME + ".");
        }
    }

    @Override
    public void quiet(Client client) {
        client.send(message("ping").toString());
    }

    @Override
    public boolean answersPings() {
        return true;
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public int window() {
        return WINDOW;
    }
}
