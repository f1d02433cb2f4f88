package io.postern.cli.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.postern.cli.Json;
import io.postern.client.Service;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostPlanTest {
    private static final String AT_80 = "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":80}";
    private static final String AT_81 = "{\"protocol\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":81}";

    private static Service service(String name, List<String> permissions, String config)
            throws JsonProcessingException {
        String all = config.isEmpty() ? "{}" : "{\"host.v1\":" + config + "}";
        return new Service("id-" + name, name, true, permissions, Json.MAPPER.readTree(all));
    }

    @Test
    void whatMayBeBoundAndHasAConfigIsHosted() throws JsonProcessingException {
        HostPlan plan = HostPlan.of(
                List.of(
                        service("web", List.of("Dial", "Bind"), AT_80),
                        service("mail", List.of("Dial"), AT_80),
                        service("bare", List.of("Bind"), "")),
                Set.of());
        assertThat(plan.open()).extracting(open -> open.key().service()).containsExactly("web");
        assertThat(plan.close()).isEmpty();
    }

    @Test
    void whatIsHostedAlreadyStays() throws JsonProcessingException {
        List<Service> services = List.of(service("web", List.of("Bind"), AT_80));
        HostPlan.Key key = HostPlan.of(services, Set.of()).open().getFirst().key();
        HostPlan again = HostPlan.of(services, Set.of(key));
        assertThat(again.open()).isEmpty();
        assertThat(again.close()).isEmpty();
    }

    @Test
    void aChangedConfigIsHostedAnew() throws JsonProcessingException {
        HostPlan.Key old = HostPlan.of(List.of(service("web", List.of("Bind"), AT_80)), Set.of())
                .open()
                .getFirst()
                .key();
        HostPlan plan = HostPlan.of(List.of(service("web", List.of("Bind"), AT_81)), Set.of(old));
        assertThat(plan.close()).containsExactly(old);
        assertThat(plan.open()).hasSize(1);
    }

    @Test
    void aServiceThatWasDeletedAndMadeAgainIsAnotherOne() throws JsonProcessingException {
        List<Service> before = List.of(service("web", List.of("Bind"), AT_80));
        HostPlan.Key old = HostPlan.of(before, Set.of()).open().getFirst().key();
        Service again = new Service(
                "id-other", "web", true, List.of("Bind"), before.getFirst().config());
        HostPlan plan = HostPlan.of(List.of(again), Set.of(old));
        assertThat(plan.close()).containsExactly(old);
        assertThat(plan.open()).extracting(open -> open.key().id()).containsExactly("id-other");
    }

    @Test
    void aRightThatWasTakenEndsTheHosting() throws JsonProcessingException {
        HostPlan.Key old = HostPlan.of(List.of(service("web", List.of("Bind"), AT_80)), Set.of())
                .open()
                .getFirst()
                .key();
        assertThat(HostPlan.of(List.of(service("web", List.of("Dial"), AT_80)), Set.of(old))
                        .close())
                .containsExactly(old);
    }

    @Test
    void aProxyIsAServiceAndAPort() {
        assertThat(Proxy.of("web:8888")).isEqualTo(new Proxy("web", 8888));
        assertThat(Proxy.of("a:b:0")).isEqualTo(new Proxy("a:b", 0));
        for (String wrong : new String[] {"web", ":80", "web:", "web:70000", "web:-1"}) {
            assertThatThrownBy(() -> Proxy.of(wrong)).hasMessageContaining("SERVICE:PORT");
        }
    }
}
