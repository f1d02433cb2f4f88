package io.postern.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.pki.San;
import io.postern.transport.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterConfigTest {
    private static final String STOCK = """
            v: 3
            identity:
              cert: "ra.cert"
              server_cert: "ra.server.chain.cert"
              key: "/etc/ra.key"
              ca: "ra.cas"
            ctrl:
              endpoint: tls:127.0.0.1:6262
              options: {connectTimeout: 5s}
              heartbeats: {sendInterval: 1s, closeUnresponsiveTimeout: 1m30s}
            link:
              dialers:
                - binding: transport
                  groups: left
              listeners:
                - binding: transport
                  bind: tls:0.0.0.0:10080
                  advertise: tls:router.example:10080
                  groups: [left, right]
                  options: {outQueueSize: 4}
            listeners:
              - binding: edge
                address: tls:0.0.0.0:3022
                options: {advertise: "router.example:3022", connectTimeoutMs: 5000}
              - binding: tunnel
                options: {mode: host}
            edge:
              csr:
                country: US
                sans: {dns: [localhost, router.example], ip: ["127.0.0.1", "::1"]}
            forwarder: {latencyProbeInterval: 10, idleCircuitTimeout: 2m}
            somethingNew: [1, {two: 3}]
            """;

    @TempDir
    Path folder;

    private RouterConfig read(String yaml) throws Exception {
        return RouterConfig.read(Files.writeString(folder.resolve("router.yml"), yaml));
    }

    @Test
    void stockConfigsAreRead() throws Exception {
        RouterConfig config = read(STOCK);
        assertThat(config.identity().cert()).isEqualTo(folder.resolve("ra.cert"));
        assertThat(config.identity().key()).isEqualTo(Path.of("/etc/ra.key"));
        assertThat(config.controllers()).containsExactly(new Address("127.0.0.1", 6262));
        assertThat(config.controlHeartbeats().send()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.controlHeartbeats().closeUnresponsive()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.linkDialers().getFirst().groups()).containsExactly("left");
        assertThat(config.linkListeners().getFirst().advertise()).isEqualTo(new Address("router.example", 10080));
        assertThat(config.linkListeners().getFirst().groups()).containsExactly("left", "right");
        assertThat(config.listeners())
                .extracting(RouterConfig.Listener::binding)
                .containsExactly("edge", "tunnel");
        assertThat(RouterConfig.advertise(config.listeners().getFirst()))
                .isEqualTo(new Address("router.example", 3022));
        assertThat(config.csrNames()).contains(new San.Dns("localhost"), new San.Ip("127.0.0.1"), new San.Ip("::1"));
        assertThat(config.forwarder().idleCircuitTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.modelFile()).isEqualTo(folder.resolve("router.yml.proto.gzip"));
        assertThat(config.http().port()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v: 3|v: 4|v must be a number from 3 to 3, not 4",
                "key: \"/etc/ra.key\"|keys: x|identity.key is missing",
                "tls:127.0.0.1:6262|tls:127.0.0.1|ctrl.endpoint: address tls:127.0.0.1 is not tls:host:port",
                "bind: tls:0.0.0.0:10080|bind: tls:0.0.0.0:99999|link.listeners[0].bind: address tls:0.0.0.0:99999 is not"
                        + " tls:host:port",
                "sendInterval: 1s|sendInterval: soon|ctrl.heartbeats.sendInterval must be a duration such as 30s or"
                        + " 500ms, not soon",
                "address: tls:0.0.0.0:3022|x: y|listeners[0].address is missing",
                "forwarder: {|forwarder: [{|forwarder must be a mapping of keys, not a list",
            })
    void wrongValuesAreNamed(String right, String wrong, String complaint) {
        String yaml = STOCK.replace(right, wrong);
        assertThatThrownBy(() -> read(yaml.replace("2m}", wrong.endsWith("[{") ? "2m}]" : "2m}")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage(complaint);
    }

    @Test
    void ofSeveralInOneProcessOnlyTheFirstSaysWhereHealthAndMetricsAre() throws Exception {
        Path first = Files.writeString(folder.resolve("a.yml"), STOCK + "http: {port: 9100}\n");
        Path second = Files.writeString(folder.resolve("b.yml"), STOCK);
        assertThat(RouterConfig.readAll(List.of(first, second))
                        .getFirst()
                        .http()
                        .port())
                .isEqualTo(9100);
        assertThatThrownBy(() -> RouterConfig.readAll(List.of(second, first)))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("a.yml")
                .hasMessageContaining("leave it out");
    }
}
