package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.cli.Failure;
import io.postern.cli.console.Target.Place;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void aContainerIsAHostAndAName() {
        assertThat(Target.of("dock one/web-1").path()).isEqualTo("/v1/hosts/dock%20one/containers/web-1");
        for (String wrong : new String[] {"web", "/web", "host/", "a/b/c", ""}) {
            assertThatThrownBy(() -> Target.of(wrong)).isInstanceOf(Failure.class);
        }
    }

    @Test
    void onlyASlashBeforeTheColonMakesAPlaceInAContainer() {
        assertThat(Place.of("dock/web:/etc/a:b"))
                .isEqualTo(Optional.of(new Place(new Target("dock", "web"), "/etc/a:b")));
        for (String local : new String[] {"/tmp/a:b", "./a:b", "a:b", "a/b", "~x/y:z", "../a/b:c"}) {
            assertThat(Place.of(local)).as(local).isEmpty();
        }
        assertThatThrownBy(() -> Place.of("dock/web:")).isInstanceOf(Failure.class);
    }
}
