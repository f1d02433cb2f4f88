package io.postern.wsproxy.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wsproxy.access.Confirmations;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.controller.ControllerTrouble;
import io.postern.wsproxy.controller.FakeController;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.hub.Consoles.Kind;
import io.postern.wsproxy.hub.Consoles.Present;
import io.postern.wsproxy.hub.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReviewTest {
    private static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
    private static final ContainerFacts WEB = new ContainerFacts(
            new HostName("engine"),
            "c".repeat(64),
            "web-1",
            "busybox:1",
            Map.of(),
            ContainerFacts.State.RUNNING,
            true,
            true);

    private final FakeController controller = new FakeController();
    private final Confirmations confirmations = new Confirmations(controller);
    private final Review review =
            new Review(Duration.ofSeconds(30), Duration.ofMinutes(10), subject -> subject.expiresAt());

    private static Subject subject(String session, String identity) {
        return new Subject(identity, identity + "-name", session, false, T0.plusSeconds(3_600));
    }

    private static Present seat(String session, Subject who, Kind kind, boolean observer, String user) {
        return new Present(new SessionId(session), who, WEB, kind, observer, user);
    }

    private Map<Present, String> round(List<Present> present, Instant now) {
        Set<String> due = review.due(present, now);
        return review.sentAway(present, due, due.isEmpty() ? Optional.of(Map.of()) : confirmations.confirm(due), now);
    }

    private void grant(String... actions) {
        controller.standing(
                "s1",
                "i1",
                "engine",
                "[{\"actions\":[\"" + String.join("\",\"", actions) + "\"],\"users\":[\"app\"]}]");
    }

    @Test
    void eachKindOfSeatNeedsItsOwnRight() {
        Subject who = subject("s1", "i1");
        Present attached = seat("a", who, Kind.ATTACH, false, "");
        Present exec = seat("b", who, Kind.EXEC, false, "");
        Present asUser = seat("c", who, Kind.EXEC, false, "app");
        Present asRoot = seat("d", who, Kind.EXEC, false, "root");
        Present observer = seat("a", who, Kind.ATTACH, true, "");
        Present execObserver = seat("b", who, Kind.EXEC, true, "");
        List<Present> all = List.of(attached, exec, asUser, asRoot, observer, execObserver);
        Map<String, List<Present>> kept = Map.of(
                "attach", List.of(attached),
                "exec", List.of(exec),
                "observe", List.of(observer, execObserver),
                "execAsUser", List.of(),
                "copyIn", List.of());
        kept.forEach((action, stay) -> {
            grant(action);
            review.changed(Set.of());
            Map<Present, String> away = round(all, T0);
            assertThat(all.stream().filter(seat -> !away.containsKey(seat)).toList())
                    .as(action)
                    .isEqualTo(stay);
        });
        grant("exec", "execAsUser");
        review.changed(Set.of());
        assertThat(round(all, T0)).doesNotContainKeys(exec, asUser).containsKeys(asRoot, attached, observer);
    }

    @Test
    void aSeatIsAskedAboutWhenItIsNewWhenItIsConcernedAndNowAndThen() {
        grant("attach");
        Present first = seat("a", subject("s1", "i1"), Kind.ATTACH, false, "");
        assertThat(review.due(List.of(first), T0)).containsExactly("s1");
        assertThat(review.due(List.of(first), T0.plusSeconds(29))).isEmpty();
        Present second = seat("b", subject("s1", "i1"), Kind.ATTACH, false, "");
        assertThat(review.due(List.of(first, second), T0.plusSeconds(29))).containsExactly("s1");
        assertThat(review.due(List.of(first), T0.plusSeconds(30))).isEmpty();
        review.changed(Set.of("i2"));
        assertThat(review.due(List.of(first), T0.plusSeconds(31))).isEmpty();
        for (String id : List.of("i1", "s1")) {
            review.changed(Set.of("other", id));
            assertThat(review.due(List.of(first), T0.plusSeconds(31))).containsExactly("s1");
            assertThat(review.due(List.of(first), T0.plusSeconds(31))).isEmpty();
        }
        review.changed(Set.of());
        assertThat(review.due(List.of(first), T0.plusSeconds(31))).containsExactly("s1");
        assertThat(review.due(List.of(first), T0.plusSeconds(61))).containsExactly("s1");
        assertThat(review.due(List.of(), T0.plusSeconds(61))).isEmpty();
        assertThat(review.known()).isEmpty();
    }

    @Test
    void whoseApiSessionOrTokenEndedGoes() {
        grant("attach");
        Present seat = seat("a", subject("s1", "i1"), Kind.ATTACH, false, "");
        assertThat(round(List.of(seat), T0)).isEmpty();
        assertThat(round(List.of(seat), T0.plusSeconds(3_600))).containsEntry(seat, "the token has expired");
        controller.standings.clear();
        review.changed(Set.of("s1"));
        assertThat(round(List.of(seat), T0)).containsEntry(seat, "the API Session has ended");
        // an API Session that is another identity's is none of this one's
        controller.standing("s1", "i2", "engine", "[{\"actions\":[\"attach\"]}]");
        review.changed(Set.of());
        assertThat(round(List.of(seat), T0)).containsKey(seat);
        assertThat(controller.uses).doesNotContain(false);
    }

    @Test
    void whileNobodyCanBeAskedConsolesGoOnForABoundedTime() {
        grant("attach");
        Present seat = seat("a", subject("s1", "i1"), Kind.ATTACH, false, "");
        assertThat(round(List.of(seat), T0)).isEmpty();
        controller.trouble = ControllerTrouble.Kind.AWAY;
        Instant last = T0;
        for (int seconds = 31; seconds < 630; seconds++) {
            last = T0.plusSeconds(seconds);
            assertThat(round(List.of(seat), last)).as("after %d s", seconds).isEmpty();
        }
        assertThat(round(List.of(seat), T0.plusSeconds(631)).get(seat)).contains("could not be confirmed");
        // whoever is confirmed again stays
        controller.trouble = null;
        assertThat(round(List.of(seat), T0.plusSeconds(632))).isEmpty();
        controller.trouble = ControllerTrouble.Kind.AWAY;
        assertThat(round(List.of(seat), T0.plusSeconds(1_200))).isEmpty();
    }

    @Test
    void whatCouldNotBeAskedIsAskedAgainAtOnce() {
        grant("attach");
        Present seat = seat("a", subject("s1", "i1"), Kind.ATTACH, false, "");
        assertThat(round(List.of(seat), T0)).isEmpty();
        grant("observe");
        controller.trouble = ControllerTrouble.Kind.AWAY;
        review.changed(Set.of());
        assertThat(round(List.of(seat), T0.plusSeconds(1))).isEmpty();
        controller.trouble = null;
        assertThat(round(List.of(seat), T0.plusSeconds(2))).containsEntry(seat, "the right was taken away");
    }

    @Test
    void aProxyThatMayNotAskKeepsNobody() {
        grant("attach");
        Present seat = seat("a", subject("s1", "i1"), Kind.ATTACH, false, "");
        assertThat(round(List.of(seat), T0)).isEmpty();
        controller.trouble = ControllerTrouble.Kind.FORBIDDEN;
        review.changed(Set.of());
        assertThat(round(List.of(seat), T0)).containsKey(seat);
    }

    @Test
    void manyAreAskedAboutInPages() {
        for (int i = 0; i < 450; i++) {
            controller.standing("s" + i, "i" + i, "engine", "[{\"actions\":[\"attach\"]}]");
        }
        List<Present> all = java.util.stream.IntStream.range(0, 451)
                .mapToObj(i -> seat("a" + i, subject("s" + i, "i" + i), Kind.ATTACH, false, ""))
                .toList();
        assertThat(round(all, T0)).containsOnlyKeys(all.getLast());
        assertThat(controller.asked).hasValue(3);
    }
}
