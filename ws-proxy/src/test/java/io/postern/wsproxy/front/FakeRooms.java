package io.postern.wsproxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wsproxy.access.Access;
import io.postern.wsproxy.access.AccessRefused;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Rights;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.Containers;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.hub.Consoles;
import io.postern.wsproxy.hub.Seat;
import io.postern.wsproxy.hub.SessionId;
import io.postern.wsproxy.hub.Size;
import io.postern.wsproxy.hub.Viewer;
import io.postern.wsproxy.hub.Wish;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The rooms behind the front, small enough to be looked at: tokens are a map, a console echoes what is typed, and everything
 * that reaches them is kept.
 */
public final class FakeRooms implements Access, Containers, Consoles, Logins {
    public static final String RUNNING = "a".repeat(64);
    public static final String STOPPED = "b".repeat(64);
    public static final String OTHERS = "c".repeat(64);
    public static final HostName HOST = new HostName("dock1");

    /** A token of the right shape, which no log may show. */
    public static final String TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXNlY3JldA";

    public final Map<String, Subject> tokens = new ConcurrentHashMap<>();
    public final Map<String, Set<Action>> granted = new ConcurrentHashMap<>();
    public final Map<String, Redeemed> tickets = new ConcurrentHashMap<>();
    public final List<String> issued = new CopyOnWriteArrayList<>();
    public final List<io.postern.wsproxy.audit.Happening> happened = new CopyOnWriteArrayList<>();
    public final List<Wish> wishes = new CopyOnWriteArrayList<>();
    public final List<Sitting> seats = new CopyOnWriteArrayList<>();
    public final List<String> disbelieved = new CopyOnWriteArrayList<>();
    public final AtomicInteger abandoned = new AtomicInteger();
    public volatile boolean takesInput = true;
    public volatile boolean echoes = true;
    private final ExecutorService loop = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("session").unstarted(task));

    public FakeRooms() {
        tokens.put(TOKEN, subject("alice", Instant.now().plusSeconds(3600)));
        granted.put("alice", Set.of(Action.ATTACH, Action.OBSERVE, Action.EXEC));
    }

    public static Subject subject(String name, Instant end) {
        return new Subject(name, name, "session-of-" + name, name.equals("root"), end);
    }

    public static ContainerFacts facts(String id, String name, ContainerFacts.State state) {
        return new ContainerFacts(HOST, id, name, "busybox:1", Map.of("team", "a"), state, true, true);
    }

    // access

    @Override
    public CompletionStage<Subject> authenticate(String token, List<X509Certificate> chain) {
        Subject subject = tokens.get(token);
        return subject == null || subject.expiresAt().isBefore(Instant.now())
                ? CompletableFuture.failedFuture(new AccessRefused(401, "The token is not, or no more, good."))
                : CompletableFuture.completedFuture(subject);
    }

    @Override
    public CompletionStage<Rights> rights(Subject subject) {
        Set<Action> actions = granted.getOrDefault(subject.identityId(), Set.of());
        Rights rights = new Rights() {
            @Override
            public Set<HostName> hosts() {
                return actions.isEmpty() ? Set.of() : Set.of(HOST);
            }

            @Override
            public boolean permits(Action action, ContainerFacts container) {
                return actions.contains(action) && !container.id().equals(OTHERS);
            }

            @Override
            public boolean permitsUser(String user, ContainerFacts container) {
                return user.equals("app");
            }

            @Override
            public HostRules rules(HostName host) {
                return new HostRules(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.<Duration>empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false);
            }
        };
        // on a thread that is not the request's, as an answer from the controller comes
        return CompletableFuture.supplyAsync(() -> rights, Thread::startVirtualThread);
    }

    @Override
    public void ended(Subject subject) {
        disbelieved.add(subject.apiSessionId());
    }

    @Override
    public void onChange(Consumer<Set<String>> listener) {
        // nothing changes here
    }

    @Override
    public CompletionStage<String> ticket(Subject subject, TicketFor what) {
        String ticket = "ticket-secret-" + "x".repeat(20) + tickets.size() + issued.size();
        tickets.put(ticket, new Redeemed(subject, what));
        issued.add(ticket);
        return CompletableFuture.completedFuture(ticket);
    }

    @Override
    public CompletionStage<Redeemed> redeem(String ticket) {
        Redeemed redeemed = tickets.remove(ticket);
        return redeemed == null
                ? CompletableFuture.failedFuture(new AccessRefused(401, "The ticket is not, or no more, good."))
                : CompletableFuture.completedFuture(redeemed);
    }

    // logins

    @Override
    public CompletionStage<Login> login(String username, String password) {
        return password.equals("right horse")
                ? CompletableFuture.completedFuture(
                        new Login(TOKEN, username, username, Instant.now().plusSeconds(60)))
                : CompletableFuture.failedFuture(new AccessRefused(401, "The name or the password is wrong."));
    }

    @Override
    public CompletionStage<Void> logout(String token) {
        tokens.remove(token);
        return CompletableFuture.completedFuture(null);
    }

    // containers

    @Override
    public List<HostName> hosts() {
        return List.of(HOST, new HostName("dock2"));
    }

    @Override
    public CompletionStage<List<ContainerFacts>> list(HostName host) {
        return CompletableFuture.completedFuture(List.of(
                facts(RUNNING, "web-1", ContainerFacts.State.RUNNING),
                facts(STOPPED, "old", ContainerFacts.State.EXITED),
                facts(OTHERS, "hidden", ContainerFacts.State.RUNNING)));
    }

    @Override
    public CompletionStage<ContainerFacts> find(HostName host, String reference) {
        return list(host)
                .thenApply(all -> all.stream()
                        .filter(container -> container.name().equals(reference)
                                || reference.length() >= 12 && container.id().startsWith(reference))
                        .findFirst()
                        .orElseThrow(() -> new EngineRefusal(EngineRefusal.Code.CONTAINER_UNKNOWN, "engine words")));
    }

    // consoles

    @Override
    public CompletionStage<Prepared> prepare(Subject who, Wish wish, Rights.HostRules rules) {
        wishes.add(wish);
        ContainerFacts container = switch (wish) {
            case Wish.Attach attach -> attach.container();
            case Wish.Exec exec -> exec.container();
            case Wish.Join join -> facts(RUNNING, "web-1", ContainerFacts.State.RUNNING);
        };
        if (container.state() != ContainerFacts.State.RUNNING) {
            return CompletableFuture.failedFuture(new EngineRefusal(
                    EngineRefusal.Code.CONTAINER_NOT_RUNNING, "container " + container.name() + " does not run"));
        }
        return CompletableFuture.completedFuture(new Waiting(who, wish, container));
    }

    private final class Waiting implements Prepared {
        private final Subject who;
        private final Wish wish;
        private final ContainerFacts container;
        private final SessionId session = new SessionId("%032x".formatted(seats.size() + 1));

        Waiting(Subject who, Wish wish, ContainerFacts container) {
            this.who = who;
            this.wish = wish;
            this.container = container;
        }

        @Override
        public SessionId session() {
            return session;
        }

        @Override
        public ContainerFacts container() {
            return container;
        }

        @Override
        public boolean tty() {
            return true;
        }

        @Override
        public Seat join(Viewer viewer) {
            Sitting sitting = new Sitting(who, wish, viewer, session, container);
            seats.add(sitting);
            loop.execute(() -> viewer.event(new Viewer.Event.Opened(
                    session, sitting.kind(), true, sitting.observer(), new Size(80, 24), 0, 0, false, false)));
            return sitting;
        }

        @Override
        public void abandon() {
            abandoned.incrementAndGet();
        }
    }

    /** A client that sits there, and all it did. */
    public final class Sitting implements Seat {
        public final Subject who;
        public final Wish wish;
        public final Viewer viewer;
        public final SessionId session;
        public final ContainerFacts container;
        public final StringBuffer typed = new StringBuffer();
        public final List<String> did = new CopyOnWriteArrayList<>();
        public final List<Runnable> waiting = new CopyOnWriteArrayList<>();
        private long position;

        Sitting(Subject who, Wish wish, Viewer viewer, SessionId session, ContainerFacts container) {
            this.who = who;
            this.wish = wish;
            this.viewer = viewer;
            this.session = session;
            this.container = container;
        }

        Kind kind() {
            return wish instanceof Wish.Exec ? Kind.EXEC : Kind.ATTACH;
        }

        boolean observer() {
            return wish instanceof Wish.Attach attach && attach.observer()
                    || wish instanceof Wish.Join join && join.observer();
        }

        /** As the hub does it: on the session's loop, only while there is room. */
        public void print(Viewer.Stream stream, byte[] bytes) {
            loop.execute(() -> {
                ByteBuf chunk = Unpooled.wrappedBuffer(bytes);
                viewer.output(stream, chunk, position);
                position += bytes.length;
            });
        }

        public void tell(Viewer.Event event) {
            loop.execute(() -> viewer.event(event));
        }

        public void end(Viewer.End end) {
            loop.execute(() -> viewer.ended(end));
        }

        @Override
        public boolean input(ByteBuf bytes, Runnable whenTaken) {
            String text = bytes.toString(StandardCharsets.UTF_8);
            bytes.release();
            if (observer()) {
                did.add("dropped");
                return true;
            }
            typed.append(text);
            if (echoes) {
                print(Viewer.Stream.OUT, text.getBytes(StandardCharsets.UTF_8));
            }
            if (!takesInput) {
                waiting.add(whenTaken);
                return false;
            }
            return true;
        }

        @Override
        public void closeInput() {
            did.add("eof");
        }

        @Override
        public void resize(Size size) {
            did.add("resize " + size.columns() + "x" + size.rows());
        }

        @Override
        public void writable() {
            did.add("writable");
        }

        @Override
        public void leave() {
            did.add("leave");
        }

        @Override
        public void lost() {
            did.add("lost");
        }
    }

    @Override
    public List<Present> present() {
        return seats.stream()
                .filter(sitting -> !sitting.did.contains("leave"))
                .map(sitting -> new Present(
                        sitting.session, sitting.who, sitting.container, sitting.kind(), sitting.observer(), ""))
                .toList();
    }

    @Override
    public void expel(Predicate<Present> whom, String reason) {
        seats.stream()
                .filter(sitting -> whom.test(new Present(
                        sitting.session, sitting.who, sitting.container, sitting.kind(), sitting.observer(), "")))
                .forEach(sitting -> sitting.end(new Viewer.End.Expelled(reason)));
    }

    @Override
    public CompletionStage<Void> drain() {
        seats.forEach(sitting -> sitting.end(new Viewer.End.Draining(true)));
        return CompletableFuture.completedFuture(null);
    }
}
