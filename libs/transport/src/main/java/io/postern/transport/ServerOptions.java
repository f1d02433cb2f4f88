package io.postern.transport;

import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How to listen.
 *
 * @param loops epoll loops give epoll sockets, others NIO
 * @param bind port 0 takes a free one
 * @param clients what is asked of client certificates, for every protocol of the port
 * @param mostConnections connections beyond are closed at once
 */
public record ServerOptions(
        EventLoopGroup loops,
        InetSocketAddress bind,
        TlsIdentity identity,
        TlsEngine engine,
        ClientCertificates clients,
        int mostConnections,
        Duration helloTimeout) {

    /** What a server asks of its clients' certificates. */
    public enum ClientCertificates {
        /** One is required and chains to the bundle; whether the leaf's dates fit is left to the acceptor. SDK sheet 4.1. */
        REQUIRED,
        /** None is asked for. */
        NONE
    }

    /** Client certificates required, 65,536 connections, five seconds for the hello, BoringSSL where it runs. */
    public static ServerOptions of(EventLoopGroup loops, InetSocketAddress bind, TlsIdentity identity) {
        return new ServerOptions(
                loops, bind, identity, TlsEngine.AUTO, ClientCertificates.REQUIRED, 65_536, Duration.ofSeconds(5));
    }

    public ServerOptions withEngine(TlsEngine value) {
        return new ServerOptions(loops, bind, identity, value, clients, mostConnections, helloTimeout);
    }

    public ServerOptions withClients(ClientCertificates value) {
        return new ServerOptions(loops, bind, identity, engine, value, mostConnections, helloTimeout);
    }

    public ServerOptions withMostConnections(int value) {
        return new ServerOptions(loops, bind, identity, engine, clients, value, helloTimeout);
    }

    public ServerOptions withHelloTimeout(Duration value) {
        return new ServerOptions(loops, bind, identity, engine, clients, mostConnections, value);
    }
}
