package io.postern.wsproxy.hub;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.ExecSpec;
import io.postern.wsproxy.engine.HostStream;
import io.postern.wsproxy.engine.Tunnel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process of an exec, for which engines have no order. Each exec carries its session in its environment, which its
 * children inherit; a second exec looks for that mark in {@code /proc} and kills. Where the image has no shell for that, the
 * end of input and, on a terminal, the keys that interrupt are what is left.
 */
final class Reaper {
    /** The mark; its value is the session's id. */
    static final String MARK = "POSTERN_SESSION";

    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS = 50;

    /** Needs sh, tr and grep. HUP first, as when a terminal goes; KILL for who does not hear it. */
    private static final String SCRIPT = """
            for signal in HUP KILL; do
              found=
              for p in /proc/[0-9]*; do
                if tr '\\0' '\\n' 2>/dev/null <"$p/environ" | grep -qxF "$1"; then
                  kill -$signal "${p#/proc/}" && found=1
                fi
              done 2>/dev/null
              [ -n "$found" ] || exit 0
              [ $signal = KILL ] || sleep 1
            done
            """;

    private final Engines engines;

    Reaper(Engines engines) {
        this.engines = engines;
    }

    /** What to end. @param stream of its bytes */
    record Doomed(Source.Command command, SessionId session, HostStream stream) {}

    /** On the loop. Completes with whether the process is gone. */
    CompletionStage<Boolean> end(Doomed doomed, EventLoop loop) {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        kill(doomed, loop)
                .whenComplete((done, failure) -> loop.execute(() -> {
                    if (doomed.command().tty()) {
                        // interrupt, then quit, then end of input: shells go by the last one
                        doomed.stream().write(Unpooled.wrappedBuffer(new byte[] {3, 28, 4}));
                    }
                    doomed.stream().closeOutput();
                    look(doomed, loop, LOOKS, gone);
                }));
        return gone;
    }

    private CompletionStage<@Nullable Void> kill(Doomed doomed, EventLoop loop) {
        ExecSpec script = new ExecSpec(
                List.of("sh", "-c", SCRIPT, "sh", MARK + "=" + doomed.session()),
                false,
                false,
                doomed.command().spec().user(),
                Optional.empty(),
                List.of(),
                0,
                0);
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        engines.createExec(doomed.command().container(), script)
                .thenCompose(
                        id -> engines.startExec(doomed.command().container().host(), id, script, loop))
                .whenComplete((tunnel, failure) -> {
                    if (tunnel == null) {
                        over.complete(null);
                    } else {
                        loop.execute(() -> drained(tunnel, over));
                    }
                });
        return over;
    }

    private static void drained(Tunnel tunnel, CompletableFuture<@Nullable Void> over) {
        tunnel.first().release();
        tunnel.stream().receive(new HostStream.Receiver() {
            @Override
            public void bytes(io.netty.buffer.ByteBuf bytes) {
                bytes.release();
            }

            @Override
            public void ended() {
                tunnel.stream().close();
                over.complete(null);
            }

            @Override
            public void broken(String why) {
                over.complete(null);
            }
        });
        tunnel.stream().resume();
    }

    private void look(Doomed doomed, EventLoop loop, int left, CompletableFuture<Boolean> gone) {
        engines.inspectExec(
                        doomed.command().container().host(), doomed.command().exec())
                .whenComplete((state, failure) -> {
                    boolean over = failure != null || !state.running();
                    if (over || left == 0) {
                        gone.complete(over);
                    } else {
                        loop.schedule(() -> look(doomed, loop, left - 1, gone), LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    }
                });
    }
}
