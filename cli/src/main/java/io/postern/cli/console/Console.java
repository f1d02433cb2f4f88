package io.postern.cli.console;

import io.postern.cli.Failure;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** A console on this process's own input and output. */
final class Console {
    /** What attach and exec end with when the fault is on this side or between. */
    static final int FAILED = 125;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PIECE = 32 * 1024;
    private static final int HOLD_MILLIS = 500;

    private final Manner manner;
    private final Keys keys;

    /**
     * What becomes of this side's terminal and input.
     *
     * @param raw is every key the other side's, Ctrl-C as well? Else the terminal edits lines and Ctrl-C ends us
     * @param sized is the other side's terminal as large as ours? Wanted of who may type only
     * @param input is standard input passed on? Where it is not, it is read only to find the keys that leave a raw terminal
     */
    record Manner(boolean raw, boolean sized, boolean input) {}

    Console(Manner manner, Keys keys) {
        this.manner = manner;
        this.keys = keys;
    }

    /** What needs ws-proxy and ends as what it ran did. */
    @FunctionalInterface
    interface Work {
        int with(ProxyClient proxy) throws IOException, InterruptedException;
    }

    /** With the stored login. Whatever goes wrong ends with {@link #FAILED}: other codes are those of what ran. */
    static int using(Work work) throws InterruptedException {
        try (ProxyClient proxy = ProxyClient.open()) {
            return work.with(proxy);
        } catch (ProxyClient.Refused e) {
            throw new Failure(FAILED, e.failure().getMessage());
        } catch (IOException | Failure e) {
            throw new Failure(FAILED, Failure.of(e).getMessage());
        }
    }

    /**
     * Runs to the end.
     *
     * @param owner may this side type?
     * @param path of the first connection, with a query to which the size can be added
     * @return the exit code
     */
    int run(ProxyClient proxy, boolean owner, String path) throws IOException, InterruptedException {
        ConsoleStream.Notices notices =
                line -> System.err.print("postern: " + line + (manner.raw() ? "\r\n" : System.lineSeparator()));
        Output output = new Output(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
        int[] size = manner.sized() ? Terminal.size().orElse(null) : null;
        String whole = size == null ? path : path + "&cols=" + size[0] + "&rows=" + size[1];
        ConsoleStream stream = new ConsoleStream(whole, owner, proxy::socket, output, notices, PATIENCE);
        IntFunction<Runnable> gone = number -> () -> stream.leave(new Ending.Signalled(number));
        on("TERM", gone.apply(15));
        on("HUP", gone.apply(1));
        on("INT", gone.apply(2));
        Ending ending;
        try (Terminal raw = manner.raw() ? Terminal.raw() : null) {
            if (manner.sized()) {
                Terminal.onResize(() -> resized(stream));
                if (size != null) {
                    stream.resize(size[0], size[1]);
                }
            }
            if (manner.input() || manner.raw()) {
                Thread.ofPlatform().daemon().name("input").start(() -> read(stream, notices));
            } else {
                stream.endInput();
            }
            ending = stream.run();
        }
        return code(ending, notices);
    }

    private static void on(String signal, Runnable handler) {
        Signal.handle(new Signal(signal), ignored -> Thread.ofVirtual().start(handler));
    }

    private static void resized(ConsoleStream stream) {
        try {
            Terminal.size().ifPresent(size -> stream.resize(size[0], size[1]));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int code(Ending ending, ConsoleStream.Notices notices) {
        return switch (ending) {
            case Ending.Exited exited -> exited.code();
            case Ending.Left ignored -> {
                if (manner.raw()) {
                    System.err.print("\r\n"); // a prompt may stand where it was left
                    notices.say("left.");
                }
                yield 0;
            }
            case Ending.Signalled signalled -> 128 + signalled.number();
            case Ending.Closed closed -> {
                if (manner.raw() && !closed.message().isEmpty()) {
                    notices.say(closed.message());
                }
                yield 0;
            }
            case Ending.Lost lost -> throw new Failure(FAILED, lost.message());
        };
    }

    private void read(ConsoleStream stream, ConsoleStream.Notices notices) {
        try (InputStream in = new FileInputStream(FileDescriptor.in)) {
            byte[] piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                byte @Nullable [] typed = manner.raw() ? sifted(stream, notices, piece, n) : Arrays.copyOf(piece, n);
                if (typed == null || (manner.input() && typed.length > 0 && !stream.type(typed))) {
                    return;
                }
            }
            stream.endInput();
        } catch (IOException e) {
            stream.endInput();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is left for the other side; null when the user leaves. */
    private byte @Nullable [] sifted(ConsoleStream stream, ConsoleStream.Notices notices, byte[] piece, int length) {
        ByteArrayOutputStream on = new ByteArrayOutputStream(length);
        Keys.Wish wish;
        boolean holds;
        synchronized (keys) {
            wish = keys.feed(piece, length, on);
            holds = keys.holds();
        }
        if (wish == Keys.Wish.LEAVE) {
            stream.leave(new Ending.Left());
            return null;
        }
        if (wish == Keys.Wish.HELP) {
            notices.say("~. leaves, ~~ types a ~, ~? shows this.");
        }
        if (holds) {
            Thread.ofVirtual().start(() -> releaseLater(stream));
        }
        return on.toByteArray();
    }

    /** A lone first key of the detach sequence is passed on after a moment, or Ctrl-P would seem dead in a shell. */
    private void releaseLater(ConsoleStream stream) {
        try {
            Thread.sleep(HOLD_MILLIS);
            ByteArrayOutputStream on = new ByteArrayOutputStream();
            synchronized (keys) {
                keys.release(on);
            }
            if (manner.input() && on.size() > 0) {
                stream.type(on.toByteArray());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
