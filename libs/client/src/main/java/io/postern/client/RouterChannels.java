package io.postern.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.postern.client.DialRefused.Hop;
import io.postern.client.Grant.Router;
import io.postern.transport.Address;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelOptions;
import io.postern.transport.HelloAnswer;
import io.postern.transport.HelloRefused;
import io.postern.transport.TlsEngine;
import io.postern.transport.TlsIdentity;
import io.postern.wire.ContentType;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The open Channels of one client, one per edge router; opened when somebody needs them, forgotten when they close. A
 * Channel belongs to the API Session that opened it, and carries no Session of another: when there is a new one, the old
 * one's Channels go on for what they carry, and new connections get Channels of their own.
 */
final class RouterChannels {
    private static final String ALPN = "ziti-edge";

    /** Where a hello's token comes from. */
    @FunctionalInterface
    interface Tokens {
        /** @param refused a token that an edge router did not take, or empty */
        ApiSession session(String refused) throws IOException;
    }

    private final ChannelDialer dialer;
    private final TlsIdentity identity;
    private final Tokens tokens;
    private final Map<Address, CompletableFuture<RouterChannel>> channels = new ConcurrentHashMap<>();
    /** Those that nobody is given: one stream's own, and those of an API Session before. */
    private final Set<RouterChannel> owned = ConcurrentHashMap.newKeySet();

    RouterChannels(EventLoopGroup loops, TlsIdentity identity, Tokens tokens) {
        this.dialer = new ChannelDialer(loops, TlsEngine.AUTO);
        this.identity = identity;
        this.tokens = tokens;
    }

    /** The best open channel to one of these, else the first that can be opened. Blocks; not on a loop. */
    RouterChannel any(List<Router> routers, Duration timeout) throws IOException {
        if (routers.isEmpty()) {
            throw new DialRefused(
                    Hop.CONTROLLER, "", "no edge router may be used: none is online, or no policy allows one");
        }
        String apiSession = tokens.session("").id();
        Optional<RouterChannel> open = routers.stream()
                .map(router -> opened(channels.get(router.address())))
                .flatMap(Optional::stream)
                .filter(channel -> channel.isOpen() && channel.belongsTo(apiSession))
                .min(Comparator.comparingLong(RouterChannel::roundTrip));
        return open.isPresent() ? open.get() : await(first(routers, apiSession), timeout, routers);
    }

    /** The channel to this router. Blocks; not on a loop. */
    RouterChannel to(Router router, Duration timeout) throws IOException {
        return await(open(router, tokens.session("").id()), timeout, List.of(router));
    }

    /**
     * A fresh channel on this loop, for the caller alone, to the router that {@link #any} prefers. The caller closes it.
     * Blocks; not on a loop.
     */
    RouterChannel own(List<Router> routers, EventLoop loop, Duration timeout) throws IOException {
        String best = any(routers, timeout).router();
        Router router = routers.stream()
                .filter(one -> one.name().equals(best))
                .findFirst()
                .orElseThrow();
        CompletableFuture<RouterChannel> fresh = new CompletableFuture<>();
        ChannelDialer onLoop = new ChannelDialer(loop, TlsEngine.AUTO);
        dial(new Opening(onLoop, router, fresh, () -> owned.removeIf(channel -> !channel.isOpen())), "", true);
        try {
            RouterChannel channel = await(fresh, timeout, List.of(router));
            owned.add(channel);
            return channel;
        } catch (IOException | RuntimeException e) {
            fresh.thenAccept(late -> late.channel().close("nobody waits for it any more"));
            throw e;
        }
    }

    private static Optional<RouterChannel> opened(@Nullable CompletableFuture<RouterChannel> channel) {
        boolean opened = channel != null && channel.isDone() && !channel.isCompletedExceptionally();
        return opened ? Optional.of(channel.join()) : Optional.empty();
    }

    private CompletableFuture<RouterChannel> first(List<Router> routers, String apiSession) {
        CompletableFuture<RouterChannel> winner = new CompletableFuture<>();
        List<String> failures = new ArrayList<>();
        for (Router router : routers) {
            open(router, apiSession).whenComplete((channel, failure) -> {
                if (channel != null) {
                    winner.complete(channel);
                    return;
                }
                synchronized (failures) {
                    failures.add(message(failure));
                    if (failures.size() == routers.size()) {
                        winner.completeExceptionally(new DialRefused(Hop.EDGE_ROUTER, "", String.join("; ", failures)));
                    }
                }
            });
        }
        return winner;
    }

    private static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }

    private static RouterChannel await(CompletableFuture<RouterChannel> channel, Duration timeout, List<Router> routers)
            throws IOException {
        String names = String.join(", ", routers.stream().map(Router::name).toList());
        try {
            return channel.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new DialRefused(
                    Hop.EDGE_ROUTER, names, "no channel to edge router " + names + ": " + message(e.getCause()));
        } catch (TimeoutException e) {
            throw new DialRefused(
                    Hop.EDGE_ROUTER,
                    names,
                    "edge router " + names + " did not answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting to edge router " + names);
        }
    }

    private CompletableFuture<RouterChannel> open(Router router, String apiSession) {
        CompletableFuture<RouterChannel> before = channels.get(router.address());
        opened(before).filter(channel -> !channel.belongsTo(apiSession)).ifPresent(old -> {
            if (channels.remove(router.address(), before)) {
                owned.add(old);
                old.closeWhenUnused();
            }
        });
        CompletableFuture<RouterChannel> fresh = new CompletableFuture<>();
        CompletableFuture<RouterChannel> known = channels.putIfAbsent(router.address(), fresh);
        if (known != null) {
            return known;
        }
        fresh.whenComplete((channel, failure) -> {
            if (failure != null) {
                channels.remove(router.address(), fresh);
            }
        });
        Opening opening = new Opening(dialer, router, fresh, () -> {
            channels.remove(router.address(), fresh);
            opened(fresh).ifPresent(owned::remove);
        });
        Thread.ofVirtual().name("channel-" + router.name()).start(() -> dial(opening, "", true));
        return fresh;
    }

    /** A channel on its way. */
    private record Opening(
            ChannelDialer dialer, Router router, CompletableFuture<RouterChannel> fresh, Runnable whenClosed) {}

    private void dial(Opening opening, String refused, boolean again) {
        Router router = opening.router();
        CompletableFuture<RouterChannel> fresh = opening.fresh();
        try {
            ApiSession session = tokens.session(refused);
            RouterChannel channel = new RouterChannel(router.name(), session.id());
            FrameBuilder hello = FrameBuilder.of(ContentType.HELLO)
                    .string(Header.SESSION_TOKEN, session.token())
                    .body(session.identityName());
            opening.dialer()
                    .dial(router.address(), identity, ALPN, hello, channel, ChannelOptions.EDGE)
                    .whenComplete((open, failure) -> {
                        if (open != null) {
                            channel.opened(open, opening.whenClosed());
                            fresh.complete(channel);
                        } else if (again && failure instanceof HelloRefused refusal && !isBusy(refusal)) {
                            Thread.startVirtualThread(() -> dial(opening, session.token(), false));
                        } else {
                            fresh.completeExceptionally(failure);
                        }
                    });
        } catch (IOException | RuntimeException e) {
            fresh.completeExceptionally(e);
        }
    }

    /** The router, not the token, is at fault: it is about to stop, or has only just begun. */
    private static boolean isBusy(HelloRefused refusal) {
        return refusal.rejectClass() == HelloAnswer.Reject.BUSY;
    }

    /** Gives the API Session's open channels its fresh token; one that does not take it is closed, and opened anew. */
    void updateToken(ApiSession session) {
        channels.values().forEach(channel -> channel.thenAccept(open -> open.updateToken(session)));
        owned.forEach(channel -> channel.updateToken(session));
    }

    void close() {
        owned.forEach(channel -> channel.channel().close("client closes"));
        channels.values()
                .forEach(channel -> channel.whenComplete((open, failure) -> {
                    if (open != null) {
                        open.channel().close("client closes");
                    }
                }));
    }
}
