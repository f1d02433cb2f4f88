package io.postern.wsproxy.hub;

import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.access.Rights.HostRules;
import io.postern.wsproxy.access.Rights.Recording;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.EngineOptions;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.engine.Hosts;
import io.postern.wsproxy.recording.Recordings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A hub on one real engine. */
final class Room implements AutoCloseable {
    static final HostName HOST = new HostName("here");
    static final HostRules NO_RULES = rules(Recording.OFF);
    static final Subject ALICE = subject("alice");
    static final Subject BOB = subject("bob");

    final EpollEventLoopGroup loops = new EpollEventLoopGroup(2);
    final Engines engines;
    final Hub hub;
    final List<ConsoleEvent> seen = new CopyOnWriteArrayList<>();

    Room(TestEngine engine, HubOptions options) {
        this(engine, options, Optional.empty());
    }

    Room(TestEngine engine, HubOptions options, Optional<Recordings> recordings) {
        this(engine.socket(), options, recordings);
    }

    /** @param socket an engine's, or a way to one */
    Room(Path socket, HubOptions options) {
        this(socket, options, Optional.empty());
    }

    private Room(Path socket, HubOptions options, Optional<Recordings> recordings) {
        engines =
                new Engines(new Hosts(Map.of(HOST, socket), null, EngineOptions.DEFAULT), loops, EngineOptions.DEFAULT);
        hub = new Hub(engines, recordings, options, seen::add);
    }

    static Subject subject(String name) {
        return new Subject(
                "id-" + name, name, "session-" + name, false, Instant.now().plusSeconds(3_600));
    }

    static HostRules rules(Recording recording) {
        return new HostRules(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(recording), false);
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw Engines.refusal(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    ContainerFacts find(String container) {
        return get(engines.find(HOST, container));
    }

    /** A console and its client. */
    record Sat(Watcher watcher, Seat seat, SessionId session) {
        void type(String text) {
            seat.input(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), () -> {});
        }
    }

    Sat sit(Subject who, Wish wish) {
        return sit(who, wish, new Watcher(), NO_RULES);
    }

    Sat sit(Subject who, Wish wish, Watcher watcher, HostRules rules) {
        Consoles.Prepared prepared = get(hub.prepare(who, wish, rules));
        return new Sat(watcher, prepared.join(watcher), prepared.session());
    }

    Sat exec(String container, boolean tty, String... command) {
        return sit(ALICE, wish(container, tty, command));
    }

    Wish.Exec wish(String container, boolean tty, String... command) {
        return new Wish.Exec(
                find(container),
                List.of(command),
                tty,
                true,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                tty ? Optional.of(new Size(100, 30)) : Optional.empty());
    }

    Sat attach(String container) {
        return sit(ALICE, new Wish.Attach(find(container), false, Optional.of(new Size(80, 24))));
    }

    @Override
    public void close() {
        get(hub.drain());
        engines.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
