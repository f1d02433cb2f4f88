package io.postern.wsproxy.engine;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.postern.client.PosternClient;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Makes this room's one object for the process. */
@Singleton
class EngineBeans {
    /** The method of Vert.x is deprecated for an internal one. */
    @SuppressWarnings("deprecation")
    @Produces
    @Singleton
    Engines engines(EngineConfig config, Instance<PosternClient> overlay, Vertx vertx) {
        EventLoopGroup loops = vertx.nettyEventLoopGroup();
        if (!(loops instanceof EpollEventLoopGroup)) {
            throw new IllegalStateException(
                    "unix sockets need native transport: set quarkus.vertx.prefer-native-transport=true, on Linux");
        }
        EngineConfig.Engine engine = config.engine();
        EngineOptions options = new EngineOptions(
                engine.callTimeout(),
                engine.streamTimeout(),
                engine.callsPerHost(),
                DetachKeys.parse(engine.detachKeys()),
                engine.hostsRefresh());
        Map<HostName, Path> sockets = new HashMap<>();
        config.hosts().forEach((name, host) -> sockets.put(new HostName(name), Path.of(host.socket())));
        return new Engines(new Hosts(sockets, overlay.isResolvable() ? overlay.get() : null, options), loops, options);
    }

    void close(@Disposes Engines engines) {
        engines.close();
    }
}
