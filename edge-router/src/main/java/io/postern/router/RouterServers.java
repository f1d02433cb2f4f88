package io.postern.router;

import io.netty.channel.EventLoopGroup;
import io.postern.transport.Address;
import io.postern.transport.ChannelAcceptor;
import io.postern.transport.ChannelServer;
import io.postern.transport.ServerOptions;
import io.postern.transport.TlsEngine;
import io.postern.transport.TlsIdentity;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** The router's TLS ports: listeners that share an address share a port, told apart by protocol. */
final class RouterServers {
    private static final Logger LOG = Logger.getLogger(RouterServers.class);

    private final Map<Address, Map<String, ChannelAcceptor>> wanted = new LinkedHashMap<>();
    private final Map<Address, ChannelServer> bound = new LinkedHashMap<>();

    void add(Address address, String alpn, ChannelAcceptor acceptor) {
        wanted.computeIfAbsent(address, unused -> new LinkedHashMap<>()).put(alpn, acceptor);
    }

    /** Opens every port, or none. Blocks shortly. @throws CompletionException with the address that failed */
    void bind(EventLoopGroup loops, TlsIdentity identity, TlsEngine engine) {
        wanted.forEach((address, acceptors) -> {
            InetSocketAddress at = new InetSocketAddress(address.host(), address.port());
            try {
                ChannelServer server = ChannelServer.bind(
                                ServerOptions.of(loops, at, identity).withEngine(engine), acceptors)
                        .toCompletableFuture()
                        .join();
                bound.put(address, server);
                LOG.infof("listening address=%s port=%d protocols=%s", address, server.port(), acceptors.keySet());
            } catch (CompletionException e) {
                close();
                throw new CompletionException(
                        "cannot listen on " + address + ": " + e.getCause().getMessage(), e.getCause());
            }
        });
    }

    /** The address with the port in place of 0. */
    Address actual(Address bind, Address advertise) {
        ChannelServer server = bound.get(bind);
        return advertise.port() != 0 || server == null ? advertise : new Address(advertise.host(), server.port());
    }

    void close() {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        bound.values().forEach(server -> closing.add(server.close().toCompletableFuture()));
        bound.clear();
        CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new)).join();
    }
}
