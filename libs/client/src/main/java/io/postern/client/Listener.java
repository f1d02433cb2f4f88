package io.postern.client;

import java.io.IOException;

/**
 * A hosted service. Terminators that are lost with their router or channel are made again, with a growing pause, until
 * {@link #close}. Connections that nobody accepts wait in a bounded queue; dials beyond are refused.
 */
public interface Listener extends AutoCloseable {
    /** The next connection; waits for one. */
    Connection accept() throws IOException;

    String service();

    /** Over how many edge routers the service can be reached here now. */
    int terminators();

    boolean isOpen();

    /** Takes the terminators away. Connections already accepted go on. */
    @Override
    void close();
}
