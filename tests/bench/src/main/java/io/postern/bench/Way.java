package io.postern.bench;

import java.io.IOException;

/** One way to a command's bytes. */
interface Way extends AutoCloseable {
    /** Waits for output. @return how many bytes of it came, none perhaps; -1 at the end */
    int read() throws IOException;

    void write(byte one) throws IOException;

    @Override
    void close() throws IOException;

    /** Starts a command and opens a way to it. */
    @FunctionalInterface
    interface Opening {
        Way open(boolean tty, String script) throws IOException;
    }
}
