package io.postern.controller.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.controller.boot.PosternConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The switch. What {@code /version} says with it off is asked by the lanes. */
class OidcOffTest {
    private static PosternConfig config(String enabled) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(PosternConfig.class)
                .withDefaultValue("user.home", "/home/x")
                .withDefaultValue("postern.oidc.enabled", enabled)
                .build()
                .getConfigMapping(PosternConfig.class);
    }

    @Test
    @SuppressWarnings("NullAway")
    void nothingIsThereWhenItIsOff() {
        new OidcOffer(config("true"), null).require();
        assertThatThrownBy(() -> new OidcOffer(config("false"), null).require())
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
}
