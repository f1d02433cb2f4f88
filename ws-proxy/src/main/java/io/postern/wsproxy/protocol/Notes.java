package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.hub.Viewer.Event;
import java.nio.charset.StandardCharsets;

/** Words between the bytes, for clients that have no other place for them. */
final class Notes {
    private Notes() {}

    static ByteBuf skipped(Event.Skipped skipped) {
        return line("skipped " + skipped.bytes() + " bytes, the connection is too slow");
    }

    static ByteBuf line(String text) {
        return Unpooled.copiedBuffer("\r\n[postern: " + printable(text) + "]\r\n", StandardCharsets.UTF_8);
    }

    /** Text of others must not steer a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
