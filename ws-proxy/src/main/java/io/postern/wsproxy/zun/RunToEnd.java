package io.postern.wsproxy.zun;

import io.netty.buffer.ByteBuf;
import io.postern.wsproxy.front.Refused;
import io.postern.wsproxy.hub.Consoles.Prepared;
import io.postern.wsproxy.hub.Seat;
import io.postern.wsproxy.hub.Viewer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a command that nobody types to, and keeps what it prints, within bounds of size and time. */
final class RunToEnd implements Viewer {
    private static final int LONGEST = 1024 * 1024;
    private static final long SECONDS = 30;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final CompletableFuture<Ran> done = new CompletableFuture<>();
    private volatile @Nullable Seat seat;

    /** What it printed, both streams in their order, and how it ended. */
    record Ran(String output, int exitCode) {}

    private RunToEnd() {}

    static CompletionStage<Ran> run(Prepared prepared) {
        RunToEnd viewer = new RunToEnd();
        viewer.seat = prepared.join(viewer);
        viewer.done.orTimeout(SECONDS, TimeUnit.SECONDS);
        return viewer.done.handle((ran, failure) -> {
            if (failure != null) {
                Seat there = viewer.seat;
                if (there != null) {
                    there.leave();
                }
                throw failure instanceof Refused refused
                        ? refused
                        : new Refused(
                                409, "TIMEOUT", "The command did not end in " + SECONDS + " seconds; it was ended.");
            }
            return ran;
        });
    }

    @Override
    public void output(Stream stream, ByteBuf bytes, long position) {
        try {
            int room = LONGEST - printed.size();
            byte[] part = new byte[Math.min(room, bytes.readableBytes())];
            bytes.readBytes(part);
            printed.writeBytes(part);
            if (bytes.isReadable()) {
                done.completeExceptionally(
                        new Refused(409, "OUTPUT_TOO_LONG", "The command prints more than " + LONGEST + " bytes."));
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void event(Event event) {
        // nobody looks
    }

    @Override
    public void ended(End end) {
        if (end instanceof End.Exit exit) {
            done.complete(new Ran(printed.toString(StandardCharsets.UTF_8), exit.code()));
        } else {
            done.completeExceptionally(new Refused(409, "NOT_ENDED", "The command was cut off."));
        }
    }
}
