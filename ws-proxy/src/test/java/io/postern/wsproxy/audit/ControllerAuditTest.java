package io.postern.wsproxy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.controller.ControllerTrouble;
import io.postern.wsproxy.controller.FakeController;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerAuditTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.250Z");
    private static final Subject ALICE = new Subject("i1", "alice", "s1", false, NOW.plusSeconds(60));
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
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ControllerAudit audit = new ControllerAudit(controller, 10, InstantSource.fixed(NOW), registry);

    @AfterEach
    void end() {
        audit.stop(0);
    }

    private static Happening denied(String reason) {
        return new Happening.Denied(Optional.of(ALICE), "exec", "engine", "web-1", reason, "127.0.0.1");
    }

    private void delivered(int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> controller.events.size() == count);
    }

    @Test
    void eventsArriveInTheirOrderAlsoWhenTheControllerWasAway() {
        controller.trouble = ControllerTrouble.Kind.AWAY;
        audit.start();
        IntStream.range(0, 8).forEach(i -> audit.record(denied("r" + i)));
        controller.trouble = null;
        delivered(8);
        IntStream.range(0, 8).forEach(i -> assertThat(controller.events.get(i)).contains("\"reason\":\"r" + i + "\""));
        assertThat(controller.events.stream().distinct()).hasSize(8);
    }

    @Test
    void whatDoesNotFitIsCountedAndTold() {
        IntStream.range(0, 15).forEach(i -> audit.record(denied("r" + i)));
        assertThat(registry.get("postern.audit.lost").gauge().value()).isEqualTo(5);
        assertThat(registry.get("postern.audit.waiting").gauge().value()).isEqualTo(10);
        audit.start();
        delivered(11);
        assertThat(controller.events.getLast())
                .contains("\"type\":\"events.lost\"")
                .contains("\"count\":5");
        audit.record(denied("after"));
        delivered(12);
    }

    @Test
    void oneThatIsRefusedHoldsUpNoOther() {
        controller.refusedType = "logout";
        audit.record(denied("a"));
        audit.record(new Happening.LoggedOut(ALICE, "127.0.0.1"));
        audit.record(denied("b"));
        audit.start();
        delivered(2);
        assertThat(controller.events).noneMatch(event -> event.contains("logout"));
    }

    @Test
    void theEndWaitsForTheLastOnes() {
        audit.start();
        IntStream.range(0, 5).forEach(i -> audit.record(denied("r" + i)));
        audit.stop(60_000);
        assertThat(controller.events).hasSize(5);
    }

    @Test
    void aLineIsOneLineWithTheTermsAsKeys() {
        Happening closed = new Happening.Closed(
                "abc", ALICE, WEB, Action.EXEC, "exit", 5, 7, Duration.ofMillis(1_200), Optional.of(3));
        assertThat(Report.of(closed, "id", NOW).line())
                .isEqualTo("session.close sessionId=abc identityId=i1 identityName=alice apiSessionId=s1 host=engine"
                        + " containerId=" + "c".repeat(64)
                        + " container=web-1 image=busybox:1 action=exec reason=exit bytesIn=5 bytesOut=7"
                        + " durationMillis=1200 exitCode=3");
        String forged = Report.of(denied("x\nsession.close \"a\" \u2028 \u0007"), "id", NOW)
                .line();
        assertThat(forged.lines()).hasSize(1);
        assertThat(forged).contains("reason=\"x\\u000asession.close \\u0022a\\u0022 \\u2028 \\u0007\"");
    }

    @Test
    void aCommandIsForTheControllerAndNotForTheLog() {
        Happening opened = new Happening.Opened(
                "abc", ALICE, WEB, Action.EXEC, List.of("mysql", "-pgeheim"), Optional.of("app"), true, false);
        Report report = Report.of(opened, "0123456789abcdef", NOW);
        assertThat(report.line()).doesNotContain("geheim").contains("user=app");
        assertThat(ControllerAudit.json(List.of(report)).toString())
                .contains("\"command\":\"mysql -pgeheim\"")
                .contains("\"at\":\"2026-03-01T10:00:00.250Z\"");
    }

    @Test
    void textsAreAsLongAsTheControllerTakesThem() {
        String line = ControllerAudit.json(List.of(
                        Report.of(new Happening.LoginRefused("x".repeat(5_000) + "\0", "y".repeat(500)), "id", NOW)))
                .toString();
        assertThat(line.length()).isLessThan(1_000);
        String pair = "\uD83D\uDE00".repeat(200);
        var report = Report.of(new Happening.LoginRefused(pair, ""), "id", NOW);
        assertThat(report.fields().get("identityName").toString().codePoints()).allMatch(c -> c == 0x1F600 || c == '…');
    }
}
