package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import io.postern.wsproxy.hub.Viewer.Stream;

/** One client protocol in one conversation. On the socket's loop only. */
public interface Protocol {
    /** Most payload bytes in one message to a client: with what frames it, it fills four records of TLS. */
    int PAYLOAD = BinaryMessage.LONGEST - BinaryMessage.HEAD - 1;

    /** Output, at most {@link #PAYLOAD} bytes. Takes ownership. */
    void output(Stream stream, ByteBuf bytes, Client client);

    void event(Event event, Client client);

    /** Says why, and closes. */
    void ended(End end, Client client);

    /** A whole binary message. Takes ownership. */
    void received(ByteBuf message, Client client);

    /** A whole text message. */
    void received(String message, Client client);

    /** The socket was quiet; a protocol whose clients cannot bear it does nothing and is never thought lost. */
    void quiet(Client client);

    /** Does a client answer when it was quiet? */
    boolean answersPings();

    /** May a client that lost its connection come back to its console? */
    boolean resumes();

    /** Most output bytes that a client has not acknowledged; 0 when it acknowledges none. */
    default int window() {
        return 0;
    }
}
