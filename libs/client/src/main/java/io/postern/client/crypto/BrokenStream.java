package io.postern.client.crypto;

import java.io.IOException;

/** A record of an encrypted connection that does not open. The connection cannot go on. */
public final class BrokenStream extends IOException {
    public BrokenStream(String message) {
        super(message);
    }
}
