package io.postern.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A byte stream to the other end of a Circuit. Reading and writing block and are made for virtual threads; one thread
 * may read while another writes. Both directions have bounded queues: a reader that stops stops the sender in the end.
 */
public interface Connection extends AutoCloseable {
    /**
     * What the peer sends; ends when the peer closes its output or the connection. Fails when the connection broke.
     */
    InputStream input();

    /** What the peer gets. Each write leaves at once; callers of many small writes buffer them. */
    OutputStream output();

    /** Tells the peer that nothing more comes, and goes on reading. */
    void closeOutput() throws IOException;

    /** How long a read waits at most before it fails with {@link java.net.SocketTimeoutException}; zero waits for ever. */
    void readTimeout(Duration timeout);

    /** Ends both directions. Bytes written just before may be lost on their way; peers that must know acknowledge. */
    @Override
    void close();

    boolean isOpen();

    /**
     * Completes, on any thread, when the peer closed the connection, it broke, or it was closed here. What came before can
     * still be read. A peer that closed its output only has not closed the connection.
     */
    CompletionStage<Void> closed();

    /** The circuit's id, by which routers and controller log; empty where the router did not tell. */
    String circuitId();

    String service();

    /** Name of the edge router at this end. */
    String router();

    /** Who dialled, as the host is told; for a dialer its own name. */
    String callerId();

    /** What the dialer handed over with its dial. */
    byte[] appData();

    /** Are the bytes unreadable to everybody between? */
    boolean isEncrypted();
}
