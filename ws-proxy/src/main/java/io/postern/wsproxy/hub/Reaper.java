package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.ExecSpec;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.engine.HostStream;
import io.postern.wsproxy.engine.Tunnel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

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

    /** A way to an engine that breaks takes several connections with it: 0.25, 0.5 … 8, 8, 8 seconds, half a minute in all. */
    private static final int TRIES = 9;

    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;

    /** Who goes together, as at the proxy's end, is looked for together: one look takes a fork for each process there. */
    private static final long TOGETHER_MILLIS = 20;

    /** Longer command lines are not asked of an engine. */
    private static final int MOST_TOGETHER = 256;

    /** What the script says when it found somebody. */
    private static final String FOUND = "postern-found";

    /** Most of what it says that is read. */
    private static final int WORDS = 4096;

    /** Needs sh, tr and grep. HUP first, as when a terminal goes; KILL for who does not hear it. */
    private static final String SCRIPT = """
            for signal in HUP KILL; do
              found=
              for p in /proc/[0-9]*; do
                if tr '\\0' '\\n' 2>/dev/null <"$p/environ" | grep -qxF "$@"; then
                  kill -$signal "${p#/proc/}" && found=1
                fi
              done 2>/dev/null
              [ -n "$found" ] || exit 0
              echo "$0"
              [ $signal = KILL ] || sleep 1
            done
            """;

    private final Engines engines;
    private final Map<Where, Batch> batches = new HashMap<>();

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

    /** Those of one container and one user that go at the same time. */
    private record Where(HostName host, String container, Optional<String> user) {}

    private record Batch(List<SessionId> sessions, CompletableFuture<Boolean> over) {}

    private CompletionStage<Boolean> kill(Doomed doomed, EventLoop loop) {
        ContainerFacts container = doomed.command().container();
        Where where = new Where(
                container.host(), container.id(), doomed.command().spec().user());
        Batch batch;
        synchronized (batches) {
            batch = batches.get(where);
            if (batch == null || batch.sessions().size() == MOST_TOGETHER) {
                Batch fresh = new Batch(new ArrayList<>(), new CompletableFuture<>());
                batch = fresh;
                batches.put(where, fresh);
                loop.schedule(() -> close(container, where, fresh, loop), TOGETHER_MILLIS, TimeUnit.MILLISECONDS);
            }
            batch.sessions().add(doomed.session());
        }
        return batch.over();
    }

    /** Nobody joins any more. */
    private void close(ContainerFacts container, Where where, Batch batch, EventLoop loop) {
        synchronized (batches) {
            batches.remove(where, batch);
        }
        kill(container, where, batch, new Tries(loop, TRIES, FIRST_PAUSE_MILLIS));
    }

    private record Tries(EventLoop loop, int left, long pause) {
        Tries next() {
            return new Tries(loop, left - 1, Math.min(LONGEST_PAUSE_MILLIS, 2 * pause));
        }
    }

    private void kill(ContainerFacts container, Where where, Batch batch, Tries tries) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, FOUND));
        batch.sessions().forEach(session -> command.addAll(List.of("-e", MARK + "=" + session)));
        EventLoop loop = tries.loop();
        ExecSpec script = new ExecSpec(command, false, false, where.user(), Optional.empty(), List.of(), 0, 0);
        engines.createExec(container, script)
                .thenCompose(id -> engines.startExec(where.host(), id, script, loop))
                .whenComplete((tunnel, failure) -> {
                    if (tunnel != null) {
                        loop.execute(() -> drained(tunnel, batch.over()));
                    } else if (isUnreachable(failure) && tries.left() > 1) {
                        loop.schedule(
                                () -> kill(container, where, batch, tries.next()),
                                tries.pause(),
                                TimeUnit.MILLISECONDS);
                    } else {
                        batch.over().complete(false);
                    }
                });
    }

    /** It did not say no: it said nothing. */
    private static boolean isUnreachable(Throwable failure) {
        EngineRefusal.Code code = Engines.refusal(failure).code();
        return code == EngineRefusal.Code.HOST_UNREACHABLE || code == EngineRefusal.Code.TIMEOUT;
    }

    private static void drained(Tunnel tunnel, CompletableFuture<Boolean> over) {
        StringBuilder words = new StringBuilder();
        HostStream.Receiver receiver = new HostStream.Receiver() {
            @Override
            public void bytes(ByteBuf bytes) {
                if (words.length() < WORDS) {
                    words.append(bytes.toString(StandardCharsets.ISO_8859_1));
                }
                bytes.release();
            }

            @Override
            public void ended() {
                tunnel.stream().close();
                over.complete(words.indexOf(FOUND) >= 0);
            }

            @Override
            public void broken(String why) {
                ended();
            }
        };
        receiver.bytes(tunnel.first());
        tunnel.stream().receive(receiver);
        tunnel.stream().resume();
    }

    /** Ends what is left of one command, whatever its engine says of it. On the loop. @return did anything of it run? */
    CompletionStage<Boolean> sweep(Source.Command command, SessionId session, EventLoop loop) {
        ContainerFacts container = command.container();
        Where where = new Where(container.host(), container.id(), command.spec().user());
        Batch alone = new Batch(List.of(session), new CompletableFuture<>());
        kill(container, where, alone, new Tries(loop, TRIES, FIRST_PAUSE_MILLIS));
        return alone.over();
    }

    private void look(Doomed doomed, EventLoop loop, int left, CompletableFuture<Boolean> gone) {
        engines.inspectExec(
                        doomed.command().container().host(), doomed.command().exec())
                .whenComplete((state, failure) -> {
                    boolean over = failure == null ? !state.running() : !isUnreachable(failure);
                    if (over || left == 0) {
                        gone.complete(over);
                    } else {
                        loop.schedule(() -> look(doomed, loop, left - 1, gone), LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    }
                });
    }
}
