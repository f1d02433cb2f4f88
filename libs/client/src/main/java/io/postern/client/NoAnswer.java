package io.postern.client;

import java.net.ConnectException;

/** No controller was found at an address: nobody answers there, or something else does. */
final class NoAnswer extends ConnectException {
    private final String why;

    /** @param why in a few words */
    NoAnswer(Object address, String why) {
        super("no controller answers at " + address + " (" + why + ")");
        this.why = why;
    }

    String why() {
        return why;
    }
}
