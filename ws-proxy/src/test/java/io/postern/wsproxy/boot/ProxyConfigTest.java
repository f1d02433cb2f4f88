package io.postern.wsproxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyConfigTest {
    @TempDir
    Path folder;

    @Test
    void everyDefaultIsPinned() {
        ProxyConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(ProxyConfig.class)
                .withDefaultValue("user.home", "/home/x")
                .build()
                .getConfigMapping(ProxyConfig.class);
        assertThat(config.identity()).isEqualTo("/home/x/.postern/ws-proxy/identity.json");
        assertThat(config.bind()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8443);
        assertThat(config.plainHttp()).isEqualTo("disabled");
        assertThat(config.plainPort()).isEqualTo(8480);
        assertThat(config.names()).isEmpty();
        assertThat(config.origins()).isEmpty();
        assertThat(config.trustedProxies()).isEmpty();
        assertThat(config.publicUrl()).isEmpty();
        assertThat(config.tls().certificate()).isEmpty();
        assertThat(config.tls().key()).isEmpty();
        assertThat(config.tls().check()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.tls().engine()).isEqualTo("auto");
        assertThat(config.limits().handshakes()).isEqualTo(50);
        assertThat(config.limits().handshakeBurst()).isEqualTo(300);
        assertThat(config.limits().logins()).isEqualTo(1);
        assertThat(config.limits().loginBurst()).isEqualTo(10);
        assertThat(config.limits().sockets()).isEqualTo(10_000);
        assertThat(config.limits().archive()).isEqualTo(1L << 30);
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.zun()).isTrue();
        assertThat(config.ping()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.silence()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aStartThatCannotWorkIsRefusedInWords() throws IOException {
        String missing = folder.resolve("none.json").toString();
        assertThat(Startup.complaint(missing, "127.0.0.1", Optional.empty(), Optional.empty()))
                .hasValueSatisfying(text -> assertThat(text).contains("no identity file at " + missing));
        Path wrong = Files.writeString(folder.resolve("wrong.json"), "{\"ztAPI\":\"https://c:1\"}");
        assertThat(Startup.complaint(wrong.toString(), "127.0.0.1", Optional.empty(), Optional.empty()))
                .hasValueSatisfying(text -> assertThat(text).contains("id.key is missing"));
        String good = identity();
        assertThat(Startup.complaint(good, "127.0.0.1", Optional.empty(), Optional.empty()))
                .isEmpty();
        assertThat(Startup.complaint(good, "0.0.0.0", Optional.empty(), Optional.empty()))
                .hasValueSatisfying(text -> assertThat(text).contains("needs a server certificate"));
        assertThat(Startup.complaint(good, "0.0.0.0", Optional.of("a"), Optional.empty()))
                .hasValueSatisfying(text -> assertThat(text).contains("go together"));
        assertThat(Startup.complaint(good, "0.0.0.0", Optional.of(missing), Optional.of(missing)))
                .hasValueSatisfying(text -> assertThat(text).contains("cannot be read"));
    }

    @Test
    void thePublicAddressIsAName() {
        ProxyConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(ProxyConfig.class)
                .withDefaultValue("user.home", "/home/x")
                .withDefaultValue("postern.ws-proxy.public-url", "https://gw.example")
                .build()
                .getConfigMapping(ProxyConfig.class);
        assertThat(FrontStart.settings(config).names()).contains("gw.example:443");
    }

    private String identity() throws IOException {
        ServerCertificate made = ServerCertificate.selfMade(List.of("localhost"), Instant.now());
        String chain = io.postern.pki.Certificates.toPem(made.chain());
        var file = new io.postern.client.IdentityFile(
                "https://localhost:1280", List.of(), io.postern.pki.Keys.toPem(made.key()), chain, chain, List.of());
        Path path = folder.resolve("good.json");
        file.write(path);
        return path.toString();
    }

    @Test
    void aKeyOfAnotherCertificateIsNoticed() throws IOException {
        ServerCertificate one = ServerCertificate.selfMade(List.of("localhost"), Instant.now());
        ServerCertificate two = ServerCertificate.selfMade(List.of("localhost"), Instant.now());
        Path chain = Files.writeString(folder.resolve("c.pem"), io.postern.pki.Certificates.toPem(one.chain()));
        Path key = Files.writeString(folder.resolve("k.pem"), io.postern.pki.Keys.toPem(two.key()));
        assertThat(Startup.complaint(identity(), "0.0.0.0", Optional.of(chain.toString()), Optional.of(key.toString())))
                .hasValueSatisfying(text -> assertThat(text).contains("not the one of the certificate"));
        Files.writeString(key, io.postern.pki.Keys.toPem(one.key()));
        assertThat(Startup.complaint(identity(), "0.0.0.0", Optional.of(chain.toString()), Optional.of(key.toString())))
                .isEmpty();
    }
}
