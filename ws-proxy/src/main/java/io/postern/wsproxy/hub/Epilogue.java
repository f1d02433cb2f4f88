package io.postern.wsproxy.hub;

import io.netty.channel.EventLoop;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.hub.Viewer.End;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Finds out why an engine's stream ended. Engines end the stream a little before they know of a process that it has ended,
 * so a process that seems to run is looked at again for a while before it counts as detached from.
 */
final class Epilogue {
    private static final long LONGEST_PAUSE = 500;
    /** "Cannot be run", as shells have it. */
    private static final int GIVEN_UP = 126;

    private final Engines engines;
    private final EventLoop loop;
    private final Source source;
    private final Supplier<OptionalInt> told;
    private final Loss loss;
    private final CompletableFuture<Verdict> verdict = new CompletableFuture<>();

    /**
     * How the stream went.
     *
     * @param broke not by an orderly end
     * @param patience milliseconds for which a process that runs is looked at again
     * @param stillRuns the end to tell when the stream is gone and the process is not
     * @param survivor ends what still runs of a command, and tells whether anything did
     */
    record Loss(boolean broke, long patience, End stillRuns, Supplier<CompletionStage<Boolean>> survivor) {}

    /**
     * What to tell.
     *
     * @param gone is the process known to be gone? It may run on beside an engine that does not answer
     */
    record Verdict(boolean gone, End end) {}

    private Epilogue(Engines engines, EventLoop loop, Source source, Supplier<OptionalInt> told, Loss loss) {
        this.engines = engines;
        this.loop = loop;
        this.source = source;
        this.told = told;
        this.loss = loss;
    }

    /** @param told exit code that an event brought, if one did */
    static CompletionStage<Verdict> of(
            Engines engines, EventLoop loop, Source source, Supplier<OptionalInt> told, Loss loss) {
        Epilogue epilogue = new Epilogue(engines, loop, source, told, loss);
        epilogue.look(20, loss.patience());
        return epilogue.verdict;
    }

    private void look(long pause, long patience) {
        state().whenComplete((code, failure) -> loop.execute(() -> {
            if (failure != null) {
                failed(Engines.refusal(failure), pause, patience);
            } else if (code.isPresent()) {
                exited(code.getAsInt());
            } else if (source instanceof Source.Main && told.get().isPresent()) {
                gone(new End.Exit(told.get().getAsInt()));
            } else if (patience <= 0) {
                mayRun(loss.stillRuns());
            } else {
                again(pause, patience);
            }
        }));
    }

    /**
     * An engine gives an exec up when its stream breaks: Docker says that it cannot be run, Podman that it has no exit code,
     * whatever the process does. The end may look orderly from here when it is a part of the way that broke.
     */
    private void exited(int code) {
        if (!(source instanceof Source.Command) || code != GIVEN_UP && code >= 0) {
            gone(new End.Exit(code));
        } else if (loss.broke()) {
            mayRun(loss.stillRuns());
        } else {
            loss.survivor()
                    .get()
                    .whenComplete((ran, failure) -> loop.execute(() -> gone(
                            Boolean.TRUE.equals(ran) || code < 0
                                    ? new End.Broken("the engine lost the way to its client while the command ran")
                                    : new End.Exit(code))));
        }
    }

    private void again(long pause, long patience) {
        loop.schedule(() -> look(Math.min(LONGEST_PAUSE, pause * 2), patience - pause), pause, TimeUnit.MILLISECONDS);
    }

    /** Empty while it runs. */
    private CompletionStage<OptionalInt> state() {
        return switch (source) {
            case Source.Command command ->
                engines.inspectExec(command.container().host(), command.exec())
                        .thenApply(state -> state.running() ? OptionalInt.empty() : OptionalInt.of(state.exitCode()));
            case Source.Main main -> engines.exitCode(main.container());
        };
    }

    private void failed(EngineRefusal why, long pause, long patience) {
        OptionalInt code = told.get();
        if (code.isPresent()) {
            gone(new End.Exit(code.getAsInt()));
        } else if (why.code() == EngineRefusal.Code.CONTAINER_UNKNOWN && patience > 0) {
            again(pause, Math.min(patience, 2_000)); // removed as it ended; its event may still come
        } else if (why.code() == EngineRefusal.Code.CONTAINER_UNKNOWN) {
            gone(new End.Broken("the container is gone"));
        } else {
            mayRun(new End.Broken("the engine went away: " + why.getMessage()));
        }
    }

    private void gone(End end) {
        verdict.complete(new Verdict(true, end));
    }

    private void mayRun(End end) {
        verdict.complete(new Verdict(false, end));
    }
}
