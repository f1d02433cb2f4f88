package io.postern.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.client.ControllerClient.Api;
import io.postern.client.DialRefused.Hop;
import io.postern.transport.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An identity at work: lists, dials and hosts services. Opens an API Session when it is first needed and keeps it alive.
 * Thread-safe. Calls block and are made for virtual threads; the forms that return a stage run on one.
 *
 * <pre>{@code
 * try (PosternClient client = PosternClient.of(IdentityFile.read(Path.of("me.json")));
 *         Connection connection = client.dial("echo")) {
 *     connection.output().write("hello".getBytes(UTF_8));
 *     connection.closeOutput();
 *     byte[] answer = connection.input().readAllBytes();
 * }
 * }</pre>
 */
public final class PosternClient implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PosternClient.class);
    private static final int LOOPS = 2;
    /** A dial session is used again for this long; the routers it names may change. */
    private static final Duration GRANT_LIFE = Duration.ofMinutes(5);

    private record Cached(Service service, Grant grant, Instant until) {}

    private final Executor threads = task -> Thread.startVirtualThread(task);
    private final ControllerClient controller;
    private final EventLoopGroup loops;
    private final boolean ownLoops;
    private final RouterChannels channels;
    private final Map<String, Cached> grants = new ConcurrentHashMap<>();
    private final Map<HostedListener, Boolean> listeners = new ConcurrentHashMap<>();
    private @Nullable ApiSession session;
    private @Nullable Thread refresher;
    private volatile boolean open = true;

    private PosternClient(IdentityFile identity, @Nullable EventLoopGroup given) {
        controller = ControllerClient.of(identity);
        ownLoops = given == null;
        loops = given == null ? loops() : given;
        TlsIdentity.Material material = new TlsIdentity.Material(
                identity.privateKey(), identity.certificates(), identity.certificates(), identity.trust());
        channels = new RouterChannels(loops, new TlsIdentity(material), this::session);
        controller.whenBegun(this::begun);
    }

    /** A client with event loops of its own. Nothing is sent before the first call. */
    public static PosternClient of(IdentityFile identity) {
        return new PosternClient(identity, null);
    }

    /** A client on the caller's event loops, which outlive it. */
    public static PosternClient of(IdentityFile identity, EventLoopGroup loops) {
        return new PosternClient(identity, loops);
    }

    private static EventLoopGroup loops() {
        DefaultThreadFactory factory = new DefaultThreadFactory("postern-client", true);
        return Epoll.isAvailable() ? new EpollEventLoopGroup(LOOPS, factory) : new NioEventLoopGroup(LOOPS, factory);
    }

    /** Opens an API Session unless there is one. */
    public ApiSession authenticate() throws IOException {
        return session("");
    }

    private synchronized ApiSession session(String refused) throws IOException {
        ApiSession now = session;
        return now == null || now.token().equals(refused) ? controller.authenticate() : now;
    }

    /** Whoever found that there is none, or that the one before ended: a call to the controller may have. */
    private synchronized void begun(ApiSession fresh) {
        session = fresh;
        grants.clear();
        if (refresher == null) {
            refresher = Thread.ofVirtual().name("api-session").start(this::refresh);
        }
        LOG.debugf("apiSession.up apiSessionId=%s identityId=%s", fresh.id(), fresh.identityId());
    }

    /** Keeps the API Session alive: asks for it at a random point between half and two thirds of what is left of it. */
    private void refresh() {
        Duration pause = Duration.ZERO;
        while (open) {
            try {
                Thread.sleep(pause.isZero() ? untilRefresh() : pause);
                refreshOnce();
                pause = Duration.ZERO;
            } catch (IOException e) {
                LOG.warnf("apiSession.stale cause=%s", e.getMessage());
                pause = Duration.ofSeconds(ThreadLocalRandom.current().nextInt(5, 20));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized Duration untilRefresh() {
        long left = session == null
                ? 60_000
                : Duration.between(Instant.now(), session.expiresAt()).toMillis();
        double part = ThreadLocalRandom.current().nextDouble(0.5, 0.67);
        return Duration.ofMillis(Math.max(1_000, (long) (left * part)));
    }

    private void refreshOnce() throws IOException {
        ApiSession fresh = controller.current();
        synchronized (this) {
            if (session == null
                    || !session.id().equals(fresh.id())
                    || session.token().equals(fresh.token())) {
                return;
            }
            session = fresh;
        }
        channels.updateToken(fresh);
    }

    /** All services that this identity may use. */
    public List<Service> services() throws IOException {
        session("");
        return controller.all(Api.CLIENT, "/services", Map.of("configTypes", "all")).stream()
                .map(Service::of)
                .toList();
    }

    /** The service of this name. @throws DialRefused when there is none that this identity may use */
    public Service service(String name) throws IOException {
        session("");
        Map<String, String> query = Map.of("filter", "name = " + ControllerClient.quote(name), "configTypes", "all");
        return controller.list(Api.CLIENT, "/services", query).entries().stream()
                .map(Service::of)
                .findFirst()
                .orElseThrow(() -> new DialRefused(
                        Hop.CONTROLLER,
                        "",
                        "there is no service " + name + ", or no policy lets this identity use it"));
    }

    /** Dials with the default options. */
    public Connection dial(String service) throws IOException {
        return dial(service, DialOptions.DEFAULT);
    }

    /**
     * Opens a connection to a host of the service.
     *
     * @throws DialRefused who refused and why
     */
    public Connection dial(String service, DialOptions options) throws IOException {
        return withRight(service, options, (right, caller, deadline) -> {
            RouterChannel channel = channels.any(right.grant().routers(), left(deadline));
            return Dialing.dial(target(channel, right), new Dialing.Wish(caller, options), left(deadline));
        });
    }

    /**
     * Opens a stream that is read and written on an event loop, on a Channel that carries nothing else: pausing it pauses
     * nobody, as a Channel has one window for all that it carries.
     *
     * @param loop the stream's loop, one of this client's
     * @return completes on any thread; fails with what {@link #dial(String, DialOptions)} throws
     */
    public CompletionStage<LoopStream> dialStream(String service, DialOptions options, EventLoop loop) {
        return later(() -> withRight(service, options, (right, caller, deadline) -> {
            RouterChannel own = channels.own(right.grant().routers(), loop, left(deadline));
            try {
                return Dialing.stream(target(own, right), true, new Dialing.Wish(caller, options), left(deadline));
            } catch (IOException | RuntimeException e) {
                own.channel().close("its dial failed");
                throw e;
            }
        }));
    }

    /** A stream like that on a Channel shared with others, which it must not pause for long. Its loop is the Channel's. */
    public CompletionStage<LoopStream> dialStream(String service, DialOptions options) {
        return later(() -> withRight(service, options, (right, caller, deadline) -> {
            RouterChannel channel = channels.any(right.grant().routers(), left(deadline));
            return Dialing.stream(target(channel, right), false, new Dialing.Wish(caller, options), left(deadline));
        }));
    }

    private static Dialing.Target target(RouterChannel channel, Cached right) {
        return new Dialing.Target(channel, right.service(), right.grant());
    }

    /** One way to dial with a right; asked again with a fresh one when the router found the old one stale. */
    @FunctionalInterface
    private interface Attempt<T> {
        T with(Cached right, String caller, Instant deadline) throws IOException;
    }

    private <T> T withRight(String service, DialOptions options, Attempt<T> attempt) throws IOException {
        Instant deadline = Instant.now().plus(options.timeout());
        try {
            return attempt.with(right(service), session("").identityName(), deadline);
        } catch (DialRefused refused) {
            boolean cached = grants.remove(service) != null;
            if (!refused.staleSession() && !(cached && refused.hop() != Hop.NETWORK)) {
                throw refused;
            }
            return attempt.with(right(service), session("").identityName(), deadline);
        }
    }

    @FunctionalInterface
    private interface Blocking<T> {
        T call() throws IOException;
    }

    private <T> CompletionStage<T> later(Blocking<? extends T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    private static Duration left(Instant deadline) {
        Duration left = Duration.between(Instant.now(), deadline);
        return left.isNegative() ? Duration.ofMillis(1) : left;
    }

    private Cached right(String name) throws IOException {
        Cached known = grants.get(name);
        if (known != null && Instant.now().isBefore(known.until())) {
            return known;
        }
        Service service = service(name);
        Cached fresh = new Cached(service, grant(service, "Dial"), Instant.now().plus(GRANT_LIFE));
        grants.put(name, fresh);
        return fresh;
    }

    private Grant grant(Service service, String type) throws IOException {
        if (!service.permissions().contains(type)) {
            throw new DialRefused(
                    Hop.CONTROLLER,
                    "",
                    "no service policy lets this identity " + type.toLowerCase(java.util.Locale.ROOT) + " service "
                            + service.name(),
                    DialRefused.ACCESS_DENIED,
                    0,
                    null);
        }
        var body = Http.JSON.createObjectNode().put("serviceId", service.id()).put("type", type);
        try {
            return Grant.of(controller.post(Api.CLIENT, "/sessions", body));
        } catch (ApiRefusal e) {
            throw new DialRefused(
                    Hop.CONTROLLER,
                    "",
                    "the controller gives no session for service " + service.name() + ": " + e.getMessage(),
                    e.code().equals("NO_EDGE_ROUTERS_AVAILABLE") ? DialRefused.NO_CODE : DialRefused.ACCESS_DENIED,
                    // A right may come back, a service that was deleted does not: another of its name has another id.
                    e.status() == 404 ? DialRefused.NOT_RETRIABLE : 0,
                    e);
        }
    }

    /** Like {@link #dial(String, DialOptions)} without blocking; fails with what that throws. */
    public CompletionStage<Connection> dialAsync(String service, DialOptions options) {
        return later(() -> dial(service, options));
    }

    /** Hosts with the default options. */
    public Listener bind(String service) throws IOException {
        return bind(service, BindOptions.DEFAULT);
    }

    /**
     * Hosts a service; returns when its first terminator exists.
     *
     * @throws DialRefused who refused and why
     */
    public Listener bind(String service, BindOptions options) throws IOException {
        HostedListener listener =
                new HostedListener(service(service), options, hosted -> grant(hosted, "Bind"), channels);
        listener.start();
        listeners.put(listener, true);
        return listener;
    }

    /** Like {@link #bind(String, BindOptions)} without blocking; fails with what that throws. */
    public CompletionStage<Listener> bindAsync(String service, BindOptions options) {
        return later(() -> bind(service, options));
    }

    /** The controller's REST API in this identity's API Session. */
    public ControllerClient controller() {
        return controller;
    }

    /** Ends listeners, channels and with them all connections. The API Session is left to expire. */
    @Override
    public void close() {
        open = false;
        listeners.keySet().forEach(HostedListener::close);
        channels.close();
        synchronized (this) {
            if (refresher != null) {
                refresher.interrupt();
            }
        }
        controller.close();
        if (ownLoops) {
            loops.shutdownGracefully(50, 2_000, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
    }
}
