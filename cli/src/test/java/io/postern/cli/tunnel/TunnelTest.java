package io.postern.cli.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.FakeApi;
import io.postern.cli.FakeApi.Reply;
import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TunnelTest {
    @TempDir
    Path folder;

    @Test
    void aTunnelWithNothingToDoSaysSo() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Notices notices = new Notices() {
            @Override
            public void told(String line) {
                told.add(line);
            }

            @Override
            public void warned(String line) {
                told.add("warned: " + line);
            }
        };
        try (FakeApi api = new FakeApi()
                        .on("POST /authenticate", call -> Reply.data("{\"id\":\"a\",\"token\":\"t\"}"))
                        .with("/services", "{\"id\":\"s\",\"name\":\"web\",\"permissions\":[\"Bind\"],\"config\":{}}");
                PosternClient client = PosternClient.of(IdentityFile.read(api.identity(folder.resolve("me.json"))));
                Tunnel tunnel = new Tunnel(client, notices)) {
            Thread following = Thread.ofVirtual().start(() -> {
                try {
                    tunnel.follow();
                } catch (InterruptedException e) {
                    // The test has seen enough.
                }
            });
            assertThat(told.poll(30, TimeUnit.SECONDS)).startsWith("nothing to host or dial yet");
            following.interrupt();
            following.join();
        }
    }
}
