package io.postern.wsproxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.wsproxy.controller.Controller.Changed;
import io.postern.wsproxy.controller.ControllerTrouble;
import io.postern.wsproxy.controller.FakeController;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
    private final FakeController controller = new FakeController();
    private final List<Set<String>> told = new CopyOnWriteArrayList<>();
    private final ChangeFeed feed = new ChangeFeed(controller, told::add);

    @BeforeEach
    void begin() {
        controller.changes.add(new Changed(7, true, List.of()));
        feed.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> told.equals(List.of(Set.of())));
    }

    @AfterEach
    void end() {
        feed.stop();
    }

    @Test
    void eachChangeIsToldOnceAndTheNextPollGoesOnBehindIt() {
        controller.changes.add(new Changed(9, false, List.of("i1", "s1")));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> controller.polls.getLast().equals(Optional.of(9L)));
        assertThat(told).containsExactly(Set.of(), Set.of("i1", "s1"));
        assertThat(controller.polls.getFirst()).isEmpty();
        assertThat(feed.isConnected()).isTrue();
    }

    @Test
    void afterTroubleItGoesOnWhereItWas() {
        controller.trouble = ControllerTrouble.Kind.AWAY;
        await().atMost(Duration.ofSeconds(60)).until(() -> !feed.isConnected());
        controller.changes.add(new Changed(8, false, List.of("i1")));
        controller.trouble = null;
        await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 2);
        assertThat(told).containsExactly(Set.of(), Set.of("i1"));
        assertThat(controller.polls.stream().skip(1)).allMatch(Optional::isPresent);
    }

    @Test
    void aProxyThatMayNotAskTellsEverybodyOnceAndBeginsAnew() {
        controller.trouble = ControllerTrouble.Kind.FORBIDDEN;
        await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 2);
        int polls = controller.polls.size();
        await().atMost(Duration.ofSeconds(60)).until(() -> controller.polls.size() > polls);
        assertThat(told).containsExactly(Set.of(), Set.of());
        assertThat(controller.polls.getLast()).isEmpty();
    }
}
