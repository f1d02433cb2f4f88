package io.postern.client;

import java.io.IOException;

/** A host that sends back what it gets, and ends when its dialer does. */
final class Echo {
    private Echo() {}

    /** Answers on threads of their own, until the listener is closed. */
    static void on(Listener listener) {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    Connection connection = listener.accept();
                    Thread.startVirtualThread(() -> answer(connection));
                }
            } catch (IOException e) {
                // The listener is closed.
            }
        });
    }

    private static void answer(Connection connection) {
        try (connection) {
            connection.input().transferTo(connection.output());
            connection.closeOutput();
        } catch (IOException e) {
            // The dialer's assertions tell.
        }
    }
}
