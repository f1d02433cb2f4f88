package io.postern.router.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.postern.client.crypto.KeyExchange;
import io.postern.client.hosting.AppData;
import io.postern.client.hosting.HostConfig.Resolution;
import io.postern.client.hosting.Target;
import io.postern.router.circuit.DialOutcome;
import io.postern.router.circuit.EgressDialer;
import io.postern.router.circuit.EgressRequest;
import io.postern.router.tunnel.PlainSockets.NoUnixSockets;
import io.postern.wire.Header;
import io.postern.wire.RouteError;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Dials the sockets behind this router's Terminators. */
final class TunnelHost implements EgressDialer {
    private static final Logger LOG = Logger.getLogger(Tunneler.class);

    private final Function<String, Optional<Hosted>> hosted;
    private final PlainSockets sockets;

    TunnelHost(Function<String, Optional<Hosted>> hosted, PlainSockets sockets) {
        this.hosted = hosted;
        this.sockets = sockets;
    }

    @Override
    public boolean hosts(String terminatorId) {
        return hosted.apply(terminatorId).isPresent();
    }

    @Override
    public CompletionStage<DialOutcome> dial(EgressRequest request) {
        Hosted terminator = hosted.apply(request.destination()).orElse(null);
        if (terminator == null) {
            return refuse(RouteError.INVALID_TERMINATOR, "no terminator " + request.destination() + " at this router");
        }
        Sealing sealing = null;
        if (terminator.encrypted()) {
            byte[] dialer = request.peerData().get(Header.PUBLIC_KEY);
            if (dialer == null) {
                return refuse(
                        RouteError.REJECTED_BY_APPLICATION, "the service wants encryption and the dialer sent no key");
            }
            try {
                sealing = new Sealing(terminator.keys().server(dialer));
            } catch (IllegalArgumentException e) {
                return refuse(RouteError.REJECTED_BY_APPLICATION, e.getMessage());
            }
        }
        AppData data = AppData.read(request.peerData().get(Header.APP_DATA));
        return switch (terminator.config().resolve(data)) {
            case Resolution.Refuse(RouteError code, String why) -> refuse(code, why);
            case Resolution.Dial(Target target) -> dial(request, terminator, target, sealing);
        };
    }

    private static CompletionStage<DialOutcome> refuse(RouteError code, String why) {
        return CompletableFuture.completedFuture(new DialOutcome.Failed(code, why));
    }

    private CompletionStage<DialOutcome> dial(
            EgressRequest request, Hosted terminator, Target target, @Nullable Sealing sealing) {
        Duration wanted = terminator.config().connectTimeout();
        Duration timeout = wanted.compareTo(request.timeout()) < 0 ? wanted : request.timeout();
        int most = BodySize.towards(request.peerData()) - (sealing == null ? 0 : 64);
        return sockets.dial(target, request.loop(), timeout, most).handle((bridge, failure) -> {
            if (bridge == null) {
                Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
                return new DialOutcome.Failed(code(cause), "dial " + target + ": " + text(cause));
            }
            LOG.infof("tunnel.dialed circuitId=%s target=%s", request.circuitId(), target);
            return new DialOutcome.Connected(
                    peerData(bridge.socket(), target, sealing == null ? null : terminator.keys()),
                    request.loop(),
                    end -> bridge.attach(end, sealing),
                    bridge.socket()::close);
        });
    }

    private static Map<Integer, byte[]> peerData(Channel socket, Target target, @Nullable KeyExchange keys) {
        Map<Integer, byte[]> data = new HashMap<>();
        if (keys != null) {
            data.put(Header.PUBLIC_KEY, keys.publicKey());
        }
        if (target instanceof Target.Tcp) {
            data.put(Header.TERMINATOR_LOCAL_ADDRESS, text(socket.localAddress()));
            data.put(Header.TERMINATOR_REMOTE_ADDRESS, text(socket.remoteAddress()));
        }
        data.put(BodySize.KEY, BodySize.announce());
        return data;
    }

    static byte[] text(SocketAddress address) {
        String text = String.valueOf(address);
        return text.substring(text.indexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
    }

    /** The most telling code there is; a unix socket that does not exist refuses like a port nobody listens on. */
    private static RouteError code(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException late -> RouteError.DIAL_TIMED_OUT;
            case UnknownHostException unknown -> RouteError.DNS_RESOLUTION_FAILED;
            case NoRouteToHostException unreachable -> RouteError.GENERIC;
            case ConnectException refused -> RouteError.CONNECTION_REFUSED;
            case FileNotFoundException missing -> RouteError.CONNECTION_REFUSED;
            case NoUnixSockets none -> RouteError.MISCONFIGURED_TERMINATOR;
            default -> RouteError.GENERIC;
        };
    }

    private static String text(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException late -> "timed out";
            case UnknownHostException unknown -> "unknown host";
            default -> String.valueOf(cause.getMessage());
        };
    }
}
