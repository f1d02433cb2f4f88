package io.postern.fabric.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.fabric.link.LinkPlan.Dial;
import io.postern.fabric.link.LinkPlan.Dialer;
import io.postern.fabric.link.LinkPlan.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LinkPlanTest {
    private final AtomicInteger ids = new AtomicInteger();
    private final LinkPlan plan =
            new LinkPlan(List.of(new Dialer("lo", Set.of("left"))), () -> "link" + ids.incrementAndGet(), () -> 0.5);

    private static Listener listener(String... groups) {
        return new Listener("tls:127.0.0.1:1", "tls", "lo", Set.of(groups));
    }

    private static long seconds(double value) {
        return (long) (value * 1e9);
    }

    @Test
    void groupsThatMeetAreDialledAtOnceAndOnce() {
        plan.healthy("rb", List.of(listener("right", "left")), 0);
        plan.healthy("rc", List.of(listener("right")), 0);
        List<Dial> dials = plan.due(Set.of(), 0);
        assertThat(dials)
                .containsExactly(new Dial(new LinkKey("lo", "tls", "rb", "lo"), "link1", 1, "tls:127.0.0.1:1"));
        assertThat(plan.due(Set.of(), seconds(100))).isEmpty();
    }

    @Test
    void aLinkThatIsUpIsNotDialledAndALostOneKeepsItsId() {
        plan.healthy("rb", List.of(listener("left")), 0);
        LinkKey key = plan.due(Set.of(), 0).getFirst().key();
        plan.dialled(key, true, 0);
        assertThat(plan.due(Set.of(key), seconds(100))).isEmpty();
        plan.lost(key, seconds(100));
        List<Dial> again = plan.due(Set.of(), seconds(102));
        assertThat(again).hasSize(1);
        assertThat(again.getFirst().linkId()).isEqualTo("link1");
        assertThat(again.getFirst().iteration()).isEqualTo(2);
    }

    @Test
    void failuresAreRetriedEverLater() {
        plan.healthy("rb", List.of(listener("left")), 0);
        LinkKey key = plan.due(Set.of(), 0).getFirst().key();
        long now = 0;
        long waited = 0;
        for (int i = 0; i < 20; i++) {
            plan.dialled(key, false, now);
            long from = now;
            while (plan.due(Set.of(), now).isEmpty()) {
                now += seconds(0.1);
            }
            assertThat(now - from).isGreaterThanOrEqualTo(waited - seconds(0.2));
            waited = now - from;
        }
        assertThat(Duration.ofNanos(waited)).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
        plan.dialled(key, false, now);
        plan.healthy("rb", List.of(listener("left")), now);
        assertThat(plan.due(Set.of(), now)).hasSize(1);
    }

    @Test
    void removedPeersAndChangedGroupsAreForgotten() {
        plan.healthy("rb", List.of(listener("left")), 0);
        LinkKey key = plan.due(Set.of(), 0).getFirst().key();
        assertThat(plan.unwanted(Set.of(key))).isEmpty();
        plan.healthy("rb", List.of(listener("right")), 0);
        assertThat(plan.unwanted(Set.of(key))).containsExactly(key);
        plan.removed("rb");
        assertThat(plan.knows("rb")).isFalse();
    }

    @Test
    void theLowerIdStaysUnlessItTurnedManyAway() {
        assertThat(DuplicateRule.keepsExisting("a", "b", 0)).isTrue();
        assertThat(DuplicateRule.keepsExisting("a", "b", 5)).isTrue();
        assertThat(DuplicateRule.keepsExisting("a", "b", 6)).isFalse();
        assertThat(DuplicateRule.keepsExisting("b", "a", 0)).isFalse();
    }

    @Test
    void keysPrintAsStockRoutersPrintThem() {
        assertThat(new LinkKey("", "tls", "rb", "lo")).hasToString("default->tls:rb->lo");
    }
}
