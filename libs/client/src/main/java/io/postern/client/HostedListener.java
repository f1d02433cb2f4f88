package io.postern.client;

import io.postern.client.Grant.Router;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps a service bound at some edge routers. One virtual thread per wanted terminator binds, waits, and binds again. */
final class HostedListener implements Listener, Binding.Host {
    private static final Logger LOG = Logger.getLogger(Listener.class);
    /** Connections made and not accepted yet. */
    static final int BACKLOG = 512;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** Where Sessions come from. */
    @FunctionalInterface
    interface Sessions {
        Grant bind(Service service) throws IOException;
    }

    private final Service service;
    private final BindOptions options;
    private final Sessions sessions;
    private final RouterChannels channels;
    private final byte[] listenerId = new byte[32];
    private final LinkedBlockingQueue<EdgeConnection> backlog = new LinkedBlockingQueue<>();
    private final AtomicInteger places = new AtomicInteger(BACKLOG);
    private final Map<String, Binding> bindings = new ConcurrentHashMap<>();
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final CountDownLatch settled = new CountDownLatch(1);
    private final ReentrantLock asking = new ReentrantLock();
    private final List<Thread> slots = new ArrayList<>();
    private volatile @Nullable Grant grant;
    private volatile @Nullable IOException failure;
    private volatile boolean open = true;

    HostedListener(Service service, BindOptions options, Sessions sessions, RouterChannels channels) {
        this.service = service;
        this.options = options;
        this.sessions = sessions;
        this.channels = channels;
        new SecureRandom().nextBytes(listenerId);
    }

    /** Waits for the first terminator; the others follow on their own. */
    void start() throws IOException {
        for (int i = 0; i < Math.max(1, options.terminators()); i++) {
            slots.add(
                    Thread.ofVirtual().name("host-" + service.name() + "-" + i).start(this::keep));
        }
        try {
            boolean inTime = settled.await(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
            IOException why = failure;
            if (terminators() == 0 && (why != null || !inTime)) {
                close();
                throw why != null
                        ? why
                        : new DialRefused(
                                DialRefused.Hop.NETWORK,
                                "",
                                "service " + service.name() + " could not be bound within "
                                        + options.timeout().toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while binding");
        }
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        while (open) {
            long since = System.nanoTime();
            attempt();
            boolean lasted = System.nanoTime() - since > LONGEST_PAUSE.toNanos();
            pause = lasted ? FIRST_PAUSE : pause;
            try {
                Thread.sleep(pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis() / 2 + 1));
            } catch (InterruptedException e) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private void attempt() {
        try {
            DialRefused why = bound();
            if (open && why != null) {
                LOG.infof("bind.lost service=%s router=%s cause=%s", service.name(), why.router(), why.getMessage());
                judge(why);
            }
        } catch (IOException e) {
            LOG.debugf("bind.failed service=%s cause=%s", service.name(), e.getMessage());
            if (e instanceof DialRefused why) {
                judge(why);
            }
            // The first failure counts when no other slot can still do better.
            if (bindings.isEmpty() && taken.isEmpty() && settled.getCount() > 0) {
                failure = e;
                settled.countDown();
            }
        }
    }

    /** A binding from beginning to end. @return why it ended; null when the other slots have all routers */
    private @Nullable DialRefused bound() throws IOException {
        Grant with = grant();
        Router router = claim(with.routers());
        if (router == null) {
            return null;
        }
        try {
            Binding binding = new Binding(channels.to(router, CONNECT), this, with.token());
            binding.bind();
            bindings.put(router.name(), binding);
            if (!open) {
                binding.close();
            }
            LOG.debugf("bind.up service=%s router=%s", service.name(), router.name());
            settled.countDown();
            try {
                return binding.ended().join();
            } finally {
                bindings.remove(router.name());
            }
        } finally {
            taken.remove(router.name());
        }
    }

    private Grant grant() throws IOException {
        Grant with;
        asking.lock(); // not a monitor: up to JDK 23 whoever waits in one holds its carrier
        try {
            with = grant;
            if (with == null) {
                with = sessions.bind(service);
                grant = with;
            }
        } finally {
            asking.unlock();
        }
        if (with.routers().isEmpty()) {
            grant = null;
            throw new DialRefused(
                    DialRefused.Hop.CONTROLLER, "", "no edge router may be used to host service " + service.name());
        }
        return with;
    }

    private @Nullable Router claim(List<Router> routers) {
        return routers.stream()
                .filter(router -> taken.add(router.name()))
                .findFirst()
                .orElse(null);
    }

    /** After any loss the session is asked for anew: routers and rights may have changed. */
    private void judge(DialRefused why) {
        grant = null;
        if (why.forGood()) {
            failure = why;
            close();
        }
    }

    @Override
    public Connection accept() throws IOException {
        try {
            while (true) {
                EdgeConnection next = backlog.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    places.incrementAndGet();
                    return next;
                }
                if (!open) {
                    IOException why = failure;
                    throw new IOException(
                            why == null ? "listener is closed" : "listener is closed: " + why.getMessage(), why);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a connection");
        }
    }

    @Override
    public boolean reserve() {
        if (open && places.decrementAndGet() >= 0) {
            return true;
        }
        if (open) {
            places.incrementAndGet();
        }
        return false;
    }

    @Override
    public void accepted(@Nullable EdgeConnection connection) {
        if (connection == null) {
            places.incrementAndGet();
        } else if (open) {
            backlog.add(connection);
        } else {
            connection.close();
        }
    }

    @Override
    public Service hosted() {
        return service;
    }

    @Override
    public String service() {
        return service.name();
    }

    @Override
    public BindOptions options() {
        return options;
    }

    @Override
    public byte[] listenerId() {
        return listenerId;
    }

    @Override
    public int terminators() {
        return bindings.size();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        settled.countDown();
        bindings.values().forEach(Binding::close);
        slots.forEach(Thread::interrupt);
        for (EdgeConnection left = backlog.poll(); left != null; left = backlog.poll()) {
            left.close();
        }
    }
}
