package io.postern.wsproxy.engine;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Container;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.postern.wsproxy.engine.ContainerFacts.State;
import io.postern.wsproxy.engine.EngineRefusal.Code;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All hosts' engines: what can be asked of a container, and its streams. Any thread; stages complete on any thread and fail
 * with {@link EngineRefusal} (perhaps within a {@link CompletionException}).
 */
public final class Engines implements Containers, AutoCloseable {
    private static final int MOST_KEPT = 4_096;

    private final Hosts hosts;
    private final EventLoopGroup loops;
    private final EngineOptions options;
    private final Map<HostName, One> engines = new ConcurrentHashMap<>();
    /** What never changes in a container's life and is not told in lists: has it a terminal, is its input open? */
    private final Map<String, Fixed> fixed = new ConcurrentHashMap<>();

    private record Fixed(boolean tty, boolean stdin) {}

    private record One(HostDialer dialer, EngineCalls calls) {}

    /** @param loops epoll loops, which outlive this */
    public Engines(Hosts hosts, EventLoopGroup loops, EngineOptions options) {
        this.hosts = hosts;
        this.loops = loops;
        this.options = options;
    }

    public EngineOptions options() {
        return options;
    }

    public EventLoopGroup loops() {
        return loops;
    }

    @Override
    public List<HostName> hosts() {
        return hosts.names();
    }

    private CompletionStage<One> engine(HostName host) {
        HostDialer known = hosts.known(host);
        return known != null
                ? CompletableFuture.completedStage(one(host, known))
                : CompletableFuture.supplyAsync(() -> one(host, hosts.dialer(host)), Thread::startVirtualThread);
    }

    private One one(HostName host, HostDialer dialer) {
        One before = engines.get(host);
        if (before != null && before.dialer() == dialer) {
            return before;
        }
        EngineTransport transport = new EngineTransport(host, dialer, loops, options.callTimeout());
        One fresh = new One(dialer, new EngineCalls(host, transport, options));
        engines.put(host, fresh);
        return fresh;
    }

    private <T extends @Nullable Object> CompletionStage<T> ask(
            HostName host, Function<EngineCalls, CompletionStage<T>> call) {
        return engine(host).thenCompose(one -> call.apply(one.calls()));
    }

    @Override
    public CompletionStage<List<ContainerFacts>> list(HostName host) {
        return ask(host, calls -> calls.list().thenCompose(all -> described(host, calls, all)));
    }

    private CompletionStage<List<ContainerFacts>> described(HostName host, EngineCalls calls, List<Container> all) {
        List<CompletableFuture<Optional<ContainerFacts>>> facts = new ArrayList<>();
        for (Container container : all) {
            Fixed known = fixed.get(container.getId());
            facts.add(
                    known != null
                            ? CompletableFuture.completedFuture(Optional.of(listed(host, container, known)))
                            : inspected(host, calls, container.getId())
                                    .handle((found, failure) -> Optional.ofNullable(found))
                                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(facts.toArray(CompletableFuture[]::new))
                .thenApply(done -> facts.stream()
                        .flatMap(each -> each.join().stream()) // gone between list and look: left out
                        .toList());
    }

    private static ContainerFacts listed(HostName host, Container container, Fixed known) {
        String[] names = container.getNames();
        String name = names == null || names.length == 0 ? "" : bare(names[0]);
        return new ContainerFacts(
                host,
                container.getId(),
                name,
                container.getImage(),
                container.getLabels() == null ? Map.of() : container.getLabels(),
                state(container.getState()),
                known.tty(),
                known.stdin());
    }

    @Override
    public CompletionStage<ContainerFacts> find(HostName host, String reference) {
        if (!reference.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}")) {
            return CompletableFuture.failedStage(new EngineRefusal(
                    Code.BAD_REQUEST, "a container is named by its id, 12 or more digits of it, or its name"));
        }
        return ask(host, calls -> inspected(host, calls, reference)).thenApply(found -> {
            boolean byId = reference.length() >= 12 && found.id().startsWith(reference);
            if (!byId && !found.name().equals(reference)) {
                throw new EngineRefusal(Code.CONTAINER_UNKNOWN, "host " + host + " has no container " + reference);
            }
            return found;
        });
    }

    private CompletionStage<ContainerFacts> inspected(HostName host, EngineCalls calls, String reference) {
        return calls.inspect(reference).handle((answer, failure) -> {
            if (answer != null) {
                return facts(host, answer);
            }
            EngineRefusal refusal = refusal(failure);
            String words = String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT);
            if (words.contains("multiple ids") || words.contains("more than one")) {
                throw new EngineRefusal(
                        Code.CONTAINER_AMBIGUOUS, "several containers of host " + host + " begin with " + reference);
            }
            if (refusal.code() == Code.CONTAINER_UNKNOWN) {
                throw new EngineRefusal(Code.CONTAINER_UNKNOWN, "host " + host + " has no container " + reference);
            }
            throw refusal;
        });
    }

    private ContainerFacts facts(HostName host, InspectContainerResponse answer) {
        var config = answer.getConfig();
        boolean tty = config != null && Boolean.TRUE.equals(config.getTty());
        boolean stdin = config != null && Boolean.TRUE.equals(config.getStdinOpen());
        if (fixed.size() >= MOST_KEPT) {
            fixed.clear();
        }
        fixed.put(answer.getId(), new Fixed(tty, stdin));
        ContainerState state = answer.getState();
        String image = config == null || config.getImage() == null ? "" : config.getImage();
        Map<String, String> labels = config == null || config.getLabels() == null ? Map.of() : config.getLabels();
        return new ContainerFacts(
                host,
                new ContainerId(answer.getId()).value(),
                bare(answer.getName()),
                image,
                labels,
                state(state == null ? "" : String.valueOf(state.getStatus())),
                tty,
                stdin);
    }

    private static String bare(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static State state(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "running" -> State.RUNNING;
            case "paused" -> State.PAUSED;
            case "restarting" -> State.RESTARTING;
            case "exited", "stopped", "stopping", "removing" -> State.EXITED;
            case "dead" -> State.DEAD;
            default -> State.CREATED;
        };
    }

    /** What a stage's failure means. */
    public static EngineRefusal refusal(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof EngineRefusal refusal
                ? refusal
                : new EngineRefusal(Code.ENGINE_FAILED, "the engine's answer cannot be used: " + cause);
    }

    public CompletionStage<ExecId> createExec(ContainerFacts container, ExecSpec spec) {
        return ask(container.host(), calls -> calls.createExec(new ContainerId(container.id()), spec));
    }

    public CompletionStage<ExecState> inspectExec(HostName host, ExecId exec) {
        return ask(host, calls -> calls.inspectExec(exec));
    }

    /** Exit code of a container's main process; empty while it runs. */
    public CompletionStage<OptionalInt> exitCode(ContainerFacts container) {
        return ask(container.host(), calls -> calls.inspect(new ContainerId(container.id()).value()))
                .thenApply(answer -> {
                    ContainerState state = answer.getState();
                    if (state == null || Boolean.TRUE.equals(state.getRunning())) {
                        return OptionalInt.empty();
                    }
                    Long code = state.getExitCodeLong();
                    return OptionalInt.of(code == null ? -1 : code.intValue());
                });
    }

    public CompletionStage<Void> resizeExec(HostName host, ExecId exec, int columns, int rows) {
        return ask(host, calls -> calls.resizeExec(exec, columns, rows));
    }

    public CompletionStage<Void> resizeContainer(ContainerFacts container, int columns, int rows) {
        return ask(container.host(), calls -> calls.resizeContainer(new ContainerId(container.id()), columns, rows));
    }

    /** Starts an exec. The tunnel is raw with a terminal and multiplexed without; see {@link MuxDecoder}. */
    public CompletionStage<Tunnel> startExec(HostName host, ExecId exec, ExecSpec spec, EventLoop loop) {
        return engine(host)
                .thenCompose(one -> one.calls()
                        .prefix()
                        .thenCompose(prefix -> hijack(
                                one,
                                host,
                                prefix + "/exec/" + exec + "/start",
                                one.calls().startBody(spec),
                                loop)));
    }

    /** Attaches to a container's main process, with its input when that is open. */
    public CompletionStage<Tunnel> attach(ContainerFacts container, EventLoop loop) {
        String keys = container.tty()
                ? "&detachKeys=" + URLEncoder.encode(options.detachKeys().text(), StandardCharsets.UTF_8)
                : "";
        String path = "/containers/" + new ContainerId(container.id())
                + "/attach?stream=1&stdout=1&stderr=1&logs=0&stdin=" + (container.stdin() ? 1 : 0) + keys;
        return engine(container.host())
                .thenCompose(one -> one.calls()
                        .prefix()
                        .thenCompose(prefix -> hijack(one, container.host(), prefix + path, new byte[0], loop)));
    }

    private CompletionStage<Tunnel> hijack(One one, HostName host, String path, byte[] body, EventLoop loop) {
        return one.dialer()
                .dial(loop)
                .thenCompose(stream -> CompletableFuture.supplyAsync(
                                () -> Hijack.begin(stream, host, path, body, options.streamTimeout()), stream.loop())
                        .thenCompose(Function.identity()));
    }

    /** Follows a host's events until the handle is closed. The listener is called on one loop. */
    public CompletionStage<AutoCloseable> events(HostName host, Consumer<ContainerEvent> listener) {
        return engine(host).thenApply(one -> {
            EngineEvents events = new EngineEvents(host, one.dialer(), loops.next(), options.callTimeout(), listener);
            events.start();
            return events::stop;
        });
    }

    /** Reads files of a container as a tar. The listener is called on the loop, where the exchange is paused and closed, too. */
    public CompletionStage<ArchiveOut> archiveOut(
            ContainerFacts container, String path, EventLoop loop, ArchiveOut.Sink sink) {
        return engine(container.host())
                .thenCompose(one -> one.calls()
                        .prefix()
                        .thenCompose(prefix -> one.dialer()
                                .dial(loop)
                                .thenCompose(stream -> ArchiveOut.begin(
                                        stream,
                                        container.host(),
                                        prefix + archive(container, path),
                                        options.streamTimeout(),
                                        sink))));
    }

    /** Unpacks a tar in a folder of a container. */
    public CompletionStage<ArchiveIn> archiveIn(
            ContainerFacts container, String path, EventLoop loop, Runnable writable) {
        return engine(container.host())
                .thenCompose(one -> one.calls()
                        .prefixForUpload(archive(container, path))
                        .thenCompose(prefix -> one.dialer()
                                .dial(loop)
                                .thenCompose(stream -> ArchiveIn.begin(
                                        stream,
                                        container.host(),
                                        prefix + archive(container, path),
                                        options.streamTimeout(),
                                        writable))));
    }

    private static String archive(ContainerFacts container, String path) {
        return "/containers/" + new ContainerId(container.id()) + "/archive?path="
                + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        hosts.close();
    }
}
