package io.postern.cli.console;

import io.postern.cli.Failure;
import io.postern.cli.console.ProxyClient.Refused;
import java.io.IOException;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Opens a console's connections, and after a loss tries again until it is back, refused, or too long ago. Blocks. */
final class Reconnecting {
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 2000;

    private final ConsoleStream.Door door;
    private final ConsoleStream.Notices notices;
    private final Duration patience;

    /** What became of a lost connection. */
    sealed interface Outcome {}

    record Back(WebSocket socket) implements Outcome {}

    record Gone(String why) implements Outcome {}

    record NotNeeded() implements Outcome {}

    Reconnecting(ConsoleStream.Door door, ConsoleStream.Notices notices, Duration patience) {
        this.door = door;
        this.notices = notices;
        this.patience = patience;
    }

    WebSocket first(String path, WebSocket.Listener listener) throws IOException {
        return door.open(path, listener);
    }

    Outcome again(Supplier<String> path, WebSocket.Listener listener, BooleanSupplier over)
            throws InterruptedException {
        long lost = System.nanoTime();
        boolean said = false;
        String why = "it did not answer";
        for (long pause = 0; ; pause = Math.min(LONGEST_PAUSE, pause == 0 ? FIRST_PAUSE : pause * 2)) {
            Thread.sleep(pause);
            Duration away = Duration.ofNanos(System.nanoTime() - lost);
            if (over.getAsBoolean()) {
                return new NotNeeded();
            }
            if (away.compareTo(patience) > 0) {
                return new Gone("The connection to ws-proxy was lost and did not come back: " + why);
            }
            if (!said && away.compareTo(QUIET) > 0) {
                said = true;
                notices.say("The connection is lost; trying again for " + patience.toSeconds() + " seconds.");
            }
            try {
                WebSocket socket = door.open(path.get(), listener);
                if (said) {
                    notices.say("The connection is back.");
                }
                return new Back(socket);
            } catch (Refused e) {
                if (e.status() < 500 && e.status() != 409 && e.status() != 429) {
                    return new Gone("The connection was lost and cannot be resumed: " + e.getMessage());
                }
                why = e.getMessage();
            } catch (Failure e) {
                return new Gone(e.getMessage());
            } catch (IOException e) {
                why = e.getMessage();
            }
        }
    }
}
