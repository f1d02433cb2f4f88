package io.postern.controller.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.transport.TlsEngine;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@ControllerTest
class PosternConfigTest {
    @Inject
    PosternConfig used;

    @Test
    void everyDefaultIsPinned() {
        var config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PosternConfig.class)
                .withDefaultValue("user.home", "/home/x")
                .build()
                .getConfigMapping(PosternConfig.class);
        assertThat(config.dataFolder()).isEqualTo("/home/x/.postern/controller");
        assertThat(config.advertise()).isEmpty();
        assertThat(config.trustDomain()).isEqualTo("postern");
        assertThat(config.bind().host()).isEqualTo("127.0.0.1");
        assertThat(config.bind().port()).isEqualTo(1280);
        assertThat(config.https().keyType()).isEqualTo("rsa2048");
        assertThat(config.https().names()).isEmpty();
        assertThat(config.https().engine()).isEqualTo(TlsEngine.AUTO);
        assertThat(config.sessions().apiSession()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.sessions().token()).isEqualTo(Duration.ofDays(30));
        assertThat(config.controllerId()).isEqualTo("ctrl1");
        assertThat(config.keyFile()).isEmpty();
        assertThat(config.sessions().session()).isEqualTo(Duration.ofDays(365));
        assertThat(config.oidc().enabled()).isTrue();
        assertThat(config.oidc().accessToken()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.oidc().refreshToken()).isEqualTo(Duration.ofHours(24));
        assertThat(config.oidc().code()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.enrollment().identity()).isEqualTo(Duration.ofHours(3));
        assertThat(config.enrollment().router()).isEqualTo(Duration.ofHours(3));
        assertThat(config.admin().username()).isEqualTo("admin");
        assertThat(config.admin().password()).isEmpty();
        assertThat(config.db().url()).isEmpty();
    }

    @Test
    void testsRunOnAFreshDatabase() {
        assertThat(used.db().url()).hasValueSatisfying(url -> assertThat(url).endsWith("/test"));
    }
}
