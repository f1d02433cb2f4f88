package io.postern.controller.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.controller.boot.PosternConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdvertisedTest {
    private static PosternConfig config(Map<String, String> settings) {
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PosternConfig.class)
                .withDefaultValue("user.home", "/home/x");
        settings.forEach(builder::withDefaultValue);
        return builder.build().getConfigMapping(PosternConfig.class);
    }

    @Test
    void theCertificateNamesAllThatIsCalled() {
        assertThat(Advertised.hosts(config(Map.of()))).containsExactly("localhost");
        assertThat(Advertised.hosts(config(Map.of(
                        "postern.advertise", "ctrl.example.com:443",
                        "postern.control-advertise", "10.1.2.3:1280",
                        "postern.https.names", "postern-controller.postern.svc, other.example"))))
                .containsExactly("ctrl.example.com", "10.1.2.3", "postern-controller.postern.svc", "other.example");
    }

    @Test
    void anAddressWithoutAPortIsRefusedByName() {
        assertThatThrownBy(() -> Advertised.hosts(config(Map.of("postern.advertise", "ctrl.example.com"))))
                .hasMessageContaining("postern.advertise is ctrl.example.com, not host:port");
    }
}
