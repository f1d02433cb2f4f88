package io.postern.wsproxy.hub;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.postern.wsproxy.access.Rights.HostRules;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.engine.EngineRefusal.Code;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.ExecSpec;
import io.postern.wsproxy.hub.Register.Ticket;
import io.postern.wsproxy.hub.Register.Where;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.recording.Recordings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All consoles of this process. */
public final class Hub implements Consoles {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Engines engines;
    private final Tapes tapes;
    private final HubOptions options;
    private final ConsoleEvent.Witness witness;
    private final Reaper reaper;
    private final Register register = new Register();
    private final Watches watches;
    private final Map<Where, CompletableFuture<Console>> attached = new ConcurrentHashMap<>();
    private final Set<Console> consoles = ConcurrentHashMap.newKeySet();

    /** @param recordings empty where nothing can be recorded; a host that requires it then has no consoles */
    public Hub(Engines engines, Optional<Recordings> recordings, HubOptions options, ConsoleEvent.Witness witness) {
        this.engines = engines;
        this.tapes = new Tapes(recordings);
        this.options = options;
        this.witness = witness;
        this.reaper = new Reaper(engines);
        this.watches = new Watches(engines, consoles);
    }

    Engines engines() {
        return engines;
    }

    Reaper reaper() {
        return reaper;
    }

    void saw(ConsoleEvent event) {
        witness.saw(event);
    }

    @Override
    public CompletionStage<Prepared> prepare(Subject who, Wish wish, HostRules rules) {
        try {
            return switch (wish) {
                case Wish.Attach attach -> attach(who, attach, rules);
                case Wish.Exec exec -> exec(who, exec, rules);
                case Wish.Join join -> CompletableFuture.completedStage(join(who, join, rules));
            };
        } catch (EngineRefusal e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private Ticket admit(Subject who, ContainerFacts container, HostRules rules) {
        return register.admit(
                who,
                container,
                rules.sessionsPerUser().orElse(options.sessionsPerUser()),
                rules.sessionsPerContainer().orElse(options.sessionsPerContainer()));
    }

    private static void checkRuns(ContainerFacts container) {
        switch (container.state()) {
            case RUNNING -> {}
            case PAUSED ->
                throw new EngineRefusal(
                        Code.CONTAINER_PAUSED, "container " + container.name() + " is paused; unpause it first");
            default ->
                throw new EngineRefusal(
                        Code.CONTAINER_NOT_RUNNING, "container " + container.name() + " does not run; start it first");
        }
    }

    static SessionId freshId() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return new SessionId(HexFormat.of().formatHex(bits));
    }

    /** The caller's loop where it is one of ours, so that most consoles never hop. */
    private EventLoop loop() {
        for (EventExecutor each : engines.loops()) {
            if (each.inEventLoop() && each instanceof EventLoop loop) {
                return loop;
            }
        }
        return engines.loops().next();
    }

    // ---- exec

    private CompletionStage<Prepared> exec(Subject who, Wish.Exec wish, HostRules rules) {
        checkRuns(wish.container());
        Ticket ticket = admit(who, wish.container(), rules);
        SessionId session = freshId();
        ExecSpec spec = spec(wish, session);
        EventLoop loop = loop();
        CompletionStage<Prepared> prepared = tapes.begin(who, wish.container(), wish.size(), wish.command(), rules)
                .thenCompose(tape -> engines.createExec(wish.container(), spec)
                        .whenComplete((id, failure) -> {
                            if (failure != null) {
                                tape.close();
                            }
                        })
                        .thenCompose(id -> onLoop(loop, () -> {
                            Source source = new Source.Command(wish.container(), id, spec);
                            Console console =
                                    console(loop, wish.container(), Kind.EXEC, source, session, who, rules, tape);
                            Place place = new Place(console, session, session, who, false, ticket);
                            console.add(place);
                            wish.size().ifPresent(size -> console.resized(place, size));
                            return new Chair(this, place, -1, false);
                        })));
        return givingBack(prepared, ticket);
    }

    private static ExecSpec spec(Wish.Exec wish, SessionId session) {
        List<String> environment = new ArrayList<>(wish.environment());
        environment.add(Reaper.MARK + "=" + session);
        if (wish.tty() && wish.environment().stream().noneMatch(entry -> entry.startsWith("TERM="))) {
            environment.add("TERM=xterm-256color");
        }
        return new ExecSpec(
                wish.command(),
                wish.tty(),
                wish.stdin(),
                wish.user(),
                wish.workingDirectory(),
                environment,
                wish.size().map(Size::columns).orElse(0),
                wish.size().map(Size::rows).orElse(0));
    }

    private CompletionStage<Prepared> givingBack(CompletionStage<Prepared> prepared, Ticket ticket) {
        return prepared.whenComplete((chair, failure) -> {
            if (failure != null) {
                register.giveBack(ticket);
            }
        });
    }

    // ---- attach

    private CompletionStage<Prepared> attach(Subject who, Wish.Attach wish, HostRules rules) {
        checkRuns(wish.container());
        Ticket ticket = admit(who, wish.container(), rules);
        return givingBack(seat(who, wish, rules, ticket, true), ticket);
    }

    private CompletionStage<Prepared> seat(
            Subject who, Wish.Attach wish, HostRules rules, Ticket ticket, boolean again) {
        SessionId session = freshId();
        return attached(who, wish, rules)
                .thenCompose(console -> onLoop(console.loop(), () -> {
                    Place place = new Place(console, session, session, who, wish.observer(), ticket);
                    if (!console.add(place)) {
                        return null;
                    }
                    if (!wish.observer()) {
                        wish.size().ifPresent(size -> console.resized(place, size));
                    }
                    return (Prepared) new Chair(this, place, -1, false);
                }))
                .thenCompose(chair -> {
                    if (chair != null) {
                        return CompletableFuture.completedStage(chair);
                    }
                    // The last viewer left at this moment.
                    return again
                            ? seat(who, wish, rules, ticket, false)
                            : CompletableFuture.failedStage(
                                    new EngineRefusal(Code.ENGINE_FAILED, "the console ends just now; try again"));
                });
    }

    private CompletableFuture<Console> attached(Subject who, Wish.Attach wish, HostRules rules) {
        Where where = Where.of(wish.container());
        CompletableFuture<Console> fresh = new CompletableFuture<>();
        CompletableFuture<Console> known = attached.putIfAbsent(where, fresh);
        if (known != null) {
            return known;
        }
        EventLoop loop = loop();
        tapes.begin(who, wish.container(), wish.size(), List.of(), rules)
                .thenCompose(tape -> onLoop(
                        loop,
                        () -> console(
                                loop,
                                wish.container(),
                                Kind.ATTACH,
                                new Source.Main(wish.container()),
                                freshId(),
                                who,
                                rules,
                                tape)))
                .thenCompose(console -> onLoop(loop, console::open)
                        .thenCompose(opened -> opened)
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                console.onLoop(() -> console.farewell().end(new End.Detached()));
                            }
                        })
                        .thenApply(done -> console))
                .whenComplete((console, failure) -> {
                    if (failure == null) {
                        fresh.complete(console);
                    } else {
                        attached.remove(where, fresh);
                        fresh.completeExceptionally(Engines.refusal(failure));
                    }
                });
        return fresh;
    }

    // ---- join

    private Prepared join(Subject who, Wish.Join wish, HostRules rules) {
        Place there = register.find(wish.session())
                .filter(place -> !place.isOver() && !place.isObserver())
                .orElseThrow(() -> new EngineRefusal(
                        Code.CONTAINER_UNKNOWN, "there is no session " + wish.session() + "; it may have ended"));
        if (!wish.observer()) {
            if (!there.who().identityId().equals(who.identityId())) {
                throw new EngineRefusal(Code.BAD_REQUEST, "session " + wish.session() + " is somebody else's");
            }
            return new Chair(this, there, wish.from().orElse(-1L), true);
        }
        Ticket ticket = admit(who, there.console().container(), rules);
        Place place = new Place(there.console(), there.session(), freshId(), who, true, ticket);
        return new Chair(this, place, wish.from().orElse(-1L), false);
    }

    // ---- shared by them

    private Console console(
            EventLoop loop,
            ContainerFacts container,
            Kind kind,
            Source source,
            SessionId session,
            Subject who,
            HostRules rules,
            Tape tape) {
        Duration idle = rules.idle().orElse(options.idle());
        Duration longest = rules.longest().orElse(options.longest());
        var facts = new Console.Facts(session, who, kind, source, options, idle, longest);
        Console console = new Console(this, loop, container, facts, tape);
        consoles.add(console);
        watches.opened(container.host());
        console.farewell().over().thenRun(() -> consoles.remove(console));
        return console;
    }

    private static <T extends @Nullable Object> CompletionStage<T> onLoop(
            EventLoop loop, java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop);
    }

    Duration untaken() {
        return options.untaken();
    }

    int scrollback() {
        return options.scrollback();
    }

    // ---- what consoles report

    void seated(Place place, boolean resumed) {
        register.add(place);
        Console console = place.console();
        Source source = console.facts().source();
        List<String> command =
                source instanceof Source.Command exec ? exec.spec().command() : List.of();
        Optional<String> user =
                source instanceof Source.Command exec ? exec.spec().user() : Optional.empty();
        saw(new ConsoleEvent.Seated(
                place.session(),
                place.who(),
                console.container(),
                console.facts().kind(),
                place.isObserver(),
                resumed,
                command,
                user,
                console.tty(),
                console.tape().id()));
    }

    void left(Place place, End why) {
        if (place.reportsEnd()) {
            register.giveBack(place.ticket());
            if (place.wasSeated()) {
                saw(new ConsoleEvent.Left(
                        place.session(),
                        place.who(),
                        place.console().container(),
                        place.console().facts().kind(),
                        place.isObserver(),
                        why,
                        Duration.ofNanos(System.nanoTime() - place.began()),
                        place.inputBytes(),
                        place.outputBytes()));
            }
        }
    }

    void forget(Place place) {
        register.remove(place);
    }

    /** Its stream is gone; a fresh attach may begin. */
    void closed(Console console) {
        watches.closed(console.container().host());
        if (console.facts().kind() == Kind.ATTACH) {
            attached.computeIfPresent(
                    Where.of(console.container()),
                    (where, known) -> known.isDone() && !known.isCompletedExceptionally() && known.join() == console
                            ? null
                            : known);
        }
    }

    /** Of a session that somebody has or had a place at; for tests. */
    Console console(SessionId session) {
        return register.find(session).orElseThrow().console();
    }

    // ---- for operators

    @Override
    public List<Present> present() {
        return register.all().stream()
                .filter(place -> !place.isOver() && !place.isEnded())
                .map(Hub::present)
                .toList();
    }

    private static Present present(Place place) {
        Console console = place.console();
        String user = console.facts().source() instanceof Source.Command exec
                ? exec.spec().user().orElse("")
                : "";
        return new Present(
                place.session(),
                place.who(),
                console.container(),
                console.facts().kind(),
                place.isObserver(),
                user);
    }

    @Override
    public void expel(Predicate<Present> whom, String reason) {
        for (Place place : register.all()) {
            if (!place.isOver() && !place.isEnded() && whom.test(present(place))) {
                place.console().onLoop(() -> place.console().farewell().expel(place, reason));
            }
        }
    }

    @Override
    public CompletionStage<Void> drain() {
        register.drain();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Console console : consoles) {
            console.onLoop(() -> console.farewell().end(new End.Draining(false)));
            ends.add(console.farewell().over().toCompletableFuture());
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, options.drain().toMillis(), TimeUnit.MILLISECONDS);
    }
}
