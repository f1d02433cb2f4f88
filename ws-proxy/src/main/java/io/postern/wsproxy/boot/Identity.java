package io.postern.wsproxy.boot;

import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;

/** The proxy's own identity for whoever calls the controller or dials. */
@Singleton
public class Identity {
    /** Fails when the file is missing or wrong, which the start has looked at before. */
    @Produces
    @Singleton
    IdentityFile file(ProxyConfig config) {
        try {
            return IdentityFile.read(Path.of(config.identity()));
        } catch (IOException e) {
            throw new IllegalStateException("The identity file cannot be used: " + e.getMessage(), e);
        }
    }

    /** One client for the whole process, on its event loops. The method of Vert.x is deprecated for an internal one. */
    @SuppressWarnings("deprecation")
    @Produces
    @Singleton
    PosternClient client(IdentityFile file, Vertx vertx) {
        return PosternClient.of(file, vertx.nettyEventLoopGroup());
    }

    void close(@Disposes PosternClient client) {
        client.close();
    }
}
