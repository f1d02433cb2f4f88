package io.postern.client;

import io.postern.transport.Channel;
import io.postern.transport.ChannelHandler;
import io.postern.transport.CloseCause;
import io.postern.transport.RequestTimeout;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A Channel to an edge router and what it carries, by connection id. Frames arrive on the channel's loop. */
final class RouterChannel implements ChannelHandler {
    private static final Logger LOG = Logger.getLogger(RouterChannel.class);
    private static final int CAPABILITY_BIND_SUCCESS = 6;

    /** How often a router is asked for a sign of life, and for how long it may give none before it counts as dead. */
    record Probes(Duration every, Duration patience) {
        static final Probes DEFAULT = new Probes(Duration.ofSeconds(30), Duration.ofSeconds(10));
    }

    /** One number of the channel: a connection or a binding. Called on the loop. */
    interface Endpoint {
        /** Takes ownership. */
        void frame(Frame frame);

        /** The channel is gone. */
        void lost(String why);

        /** The channel takes bytes again. */
        default void writableAgain() {}
    }

    private final String router;
    private final String apiSession;
    private final Probes probes;
    private final Map<Integer, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final ReentrantLock writing = new ReentrantLock();
    private final Condition writable = writing.newCondition();
    private volatile @Nullable Channel channel;
    private volatile long roundTrip = Long.MAX_VALUE;
    private volatile String lastToken = "";
    private volatile boolean retired;
    private int holds;
    private @Nullable Runnable onClosed;

    /** @param apiSession id of the API Session whose token the hello carries */
    RouterChannel(String router, String apiSession) {
        this(router, apiSession, Probes.DEFAULT);
    }

    RouterChannel(String router, String apiSession, Probes probes) {
        this.router = router;
        this.apiSession = apiSession;
        this.probes = probes;
    }

    /** Once, when the hello is answered; on the loop. */
    void opened(Channel open, Runnable whenClosed) {
        onClosed = whenClosed;
        channel = open;
        LOG.debugf("channel.up channelId=%s router=%s remote=%s", open.id(), router, open.remoteAddress());
        probe();
    }

    String router() {
        return router;
    }

    Channel channel() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("channel is not open yet");
        }
        return open;
    }

    boolean isOpen() {
        Channel open = channel;
        return open != null && open.isOpen();
    }

    boolean belongsTo(String id) {
        return apiSession.equals(id);
    }

    /** No further connection comes, but for one that is on its way: the channel goes with the last. Any thread. */
    void closeWhenUnused() {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && endpoints.isEmpty()) {
            channel().close("its API Session was replaced");
        }
    }

    /** Nanoseconds of the last probe; the largest number before the first. */
    long roundTrip() {
        return roundTrip;
    }

    /** An id of our half of the number space. */
    int nextId() {
        return lastId.updateAndGet(id -> id == Integer.MAX_VALUE ? 1 : id + 1);
    }

    void register(int connId, Endpoint endpoint) {
        endpoints.put(connId, endpoint);
    }

    void forget(int connId) {
        endpoints.remove(connId);
        closeIfUnused();
    }

    /** Does the router say when a terminator exists? */
    boolean tellsBindSuccess() {
        Map<Integer, byte[]> hello = channel().peerHello();
        byte[] flag = hello.get(Header.SUPPORTS_BIND_SUCCESS);
        if (flag != null && flag.length == 1 && flag[0] == 1) {
            return true;
        }
        byte[] mask = hello.get(Header.ROUTER_CAPABILITIES);
        return mask != null && mask.length > 0 && (mask[mask.length - 1] >> CAPABILITY_BIND_SUCCESS & 1) == 1;
    }

    /** Sends and waits; the caller releases the reply. Not on a loop. */
    Frame request(FrameBuilder frame, Duration timeout) throws IOException {
        try {
            return channel()
                    .request(frame, timeout)
                    .toCompletableFuture()
                    .get(timeout.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof RequestTimeout
                    ? "edge router " + router + " did not answer within " + timeout.toSeconds() + " s"
                    : "channel to edge router " + router + " ended: "
                            + e.getCause().getMessage();
            throw new DialRefused(DialRefused.Hop.EDGE_ROUTER, router, why);
        } catch (TimeoutException e) {
            throw new DialRefused(DialRefused.Hop.EDGE_ROUTER, router, "edge router " + router + " did not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for edge router " + router);
        }
    }

    /** Waits until the channel takes more bytes. Not on a loop. */
    void awaitWritable() throws IOException {
        Channel open = channel();
        while (!open.isWritable()) {
            if (!open.isOpen()) {
                throw new IOException("channel to edge router " + router + " is closed");
            }
            writing.lock();
            try {
                if (!open.isWritable()) {
                    writable.await(1, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while writing");
            } finally {
                writing.unlock();
            }
        }
    }

    /** On the loop: one more connection is full. All of the channel has to wait then; there is no smaller window. */
    void hold() {
        if (holds++ == 0) {
            channel().pauseReading();
        }
    }

    /** From any thread: that connection has room again. */
    void letGo() {
        channel().loop().execute(() -> {
            if (--holds == 0) {
                channel().resumeReading();
            }
        });
    }

    @Override
    public void frame(Channel from, Frame frame) {
        Endpoint endpoint = endpoints.get(frame.i32(Header.CONN_ID, 0));
        if (endpoint == null) {
            frame.release();
        } else {
            endpoint.frame(frame);
        }
    }

    @Override
    public void writable(Channel from, boolean now) {
        if (now) {
            wakeWriters();
            endpoints.values().forEach(Endpoint::writableAgain);
        }
    }

    private void wakeWriters() {
        writing.lock();
        try {
            writable.signalAll();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void closed(Channel from, CloseCause cause) {
        LOG.debugf("channel.down channelId=%s router=%s cause=%s", from.id(), router, cause);
        if (onClosed != null) {
            onClosed.run();
        }
        String why = "channel to edge router " + router + " ended: " + cause;
        endpoints.values().forEach(endpoint -> endpoint.lost(why));
        endpoints.clear();
        wakeWriters();
    }

    /** A token of another API Session is not for this channel. */
    void updateToken(ApiSession session) {
        if (belongsTo(session.id())) {
            updateToken(session.token());
        }
    }

    private void updateToken(String token) {
        lastToken = token;
        channel()
                .request(FrameBuilder.of(ContentType.UPDATE_TOKEN).body(token), probes.patience())
                .whenComplete((answer, failure) -> {
                    if (failure instanceof RequestTimeout && !isSilent()) {
                        if (token.equals(lastToken)) {
                            updateToken(token); // its answer may be among what nobody reads yet
                        }
                        return;
                    }
                    boolean taken = answer != null && answer.contentType() == ContentType.UPDATE_TOKEN_SUCCESS;
                    if (answer != null) {
                        answer.release();
                    }
                    if (!taken) {
                        channel().close("router did not take the fresh token");
                    }
                });
    }

    private void probe() {
        Channel open = channel();
        if (!open.isOpen()) {
            return;
        }
        long sent = System.nanoTime();
        open.request(FrameBuilder.of(ContentType.LATENCY).u64(Header.REFLECTED, sent), probes.patience())
                .whenComplete((answer, failure) -> {
                    if (answer != null) {
                        answer.release();
                        roundTrip = System.nanoTime() - sent;
                    } else if (failure instanceof RequestTimeout && isSilent()) {
                        open.close("router does not answer probes");
                    }
                });
        open.loop().schedule(this::probe, probes.every().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** On the loop. A late answer alone means nothing: it stands behind bulk, or a held channel is not read at all. */
    private boolean isSilent() {
        return channel().silence().compareTo(probes.patience()) >= 0;
    }
}
