package io.postern.router.edge;

import static io.postern.wire.edgectrl.pb.CreateTerminatorResult.FailedBusy;
import static io.postern.wire.edgectrl.pb.CreateTerminatorResult.FailedIdConflict;
import static io.postern.wire.edgectrl.pb.CreateTerminatorResult.FailedOther;
import static io.postern.wire.edgectrl.pb.CreateTerminatorResult.Success;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.router.edge.BindLife.Step;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is decided without sockets. */
class DecisionsTest {
    @Test
    void routerIdsCountUpFromTwoToThe31AndComeRound() {
        ConnectionTable<String> table = new ConnectionTable<>(10);
        assertThat(table.allocate()).isEqualTo(0x80000000);
        table.put(0x80000001, "taken");
        assertThat(table.allocate()).isEqualTo(0x80000002);
        assertThat(table.refusal(1)).isNull();
        table.put(1, "mine");
        assertThat(table.refusal(1)).isNotNull();
        table.remove(1, "another");
        assertThat(table.get(1)).isEqualTo("mine");
        table.remove(1, "mine");
        assertThat(table.refusal(1)).isNull();
        assertThat(table.refusal(-1)).isNotNull();
    }

    @Test
    void bindIsAnnouncedOnceAndAskedForAgain() {
        BindLife life = new BindLife();
        assertThat(life.answered(Success)).isEqualTo(Step.ANNOUNCE);
        assertThat(life.controllerConnected()).isEqualTo(Step.ASK);
        assertThat(life.controllerConnected()).isEqualTo(Step.NOTHING);
        assertThat(life.answered(Success)).isEqualTo(Step.NOTHING);
        assertThat(life.closed()).isEqualTo(Step.REMOVE);
        assertThat(life.closed()).isEqualTo(Step.NOTHING);
        assertThat(life.controllerConnected()).isEqualTo(Step.NOTHING);
    }

    @Test
    void busyControllerIsAskedLaterAndLater() {
        BindLife life = new BindLife();
        assertThat(life.answered(FailedBusy)).isEqualTo(Step.WAIT);
        assertThat(life.backoff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(life.due()).isEqualTo(Step.ASK);
        assertThat(life.unanswered()).isEqualTo(Step.WAIT);
        assertThat(life.backoff()).isEqualTo(Duration.ofSeconds(2));
        assertThat(life.controllerConnected()).isEqualTo(Step.ASK);
        assertThat(life.due()).isEqualTo(Step.NOTHING);
        for (int i = 0; i < 20; i++) {
            life.unanswered();
            life.due();
        }
        assertThat(life.backoff()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void takenNameIsChangedAFewTimes() {
        BindLife life = new BindLife();
        assertThat(life.answered(FailedIdConflict)).isEqualTo(Step.RENAME);
        assertThat(life.answered(FailedIdConflict)).isEqualTo(Step.RENAME);
        assertThat(life.answered(FailedIdConflict)).isEqualTo(Step.GIVE_UP);
        assertThat(new BindLife().answered(FailedOther)).isEqualTo(Step.GIVE_UP);
    }

    @Test
    void successThatComesAfterTheEndIsTakenBack() {
        BindLife life = new BindLife();
        life.closed();
        assertThat(life.answered(Success)).isEqualTo(Step.REMOVE);
        assertThat(life.answered(FailedBusy)).isEqualTo(Step.NOTHING);
        assertThat(life.unanswered()).isEqualTo(Step.NOTHING);
    }

    private static HostTable.Claim claim(String channel, int connId, String token, String listener) {
        return new HostTable.Claim(channel, connId, token, "identity", "svc", listener);
    }

    @Test
    void listenerIdDecidesWhichBindCounts() {
        HostTable<String> hosts = new HostTable<>();
        HostTable.Claim first = claim("c1", 5, "t", "l");
        assertThat(hosts.admit(first, null, () -> "id-1")).isEqualTo(new HostTable.Fresh<>("id-1"));
        hosts.put(first, "id-1", "first");
        assertThat(hosts.admit(first, null, () -> "x")).isEqualTo(new HostTable.Repeated<>("first"));
        assertThat(hosts.admit(claim("c1", 4, "t", "l"), null, () -> "x")).isEqualTo(new HostTable.Stale<>());
        HostTable.Claim second = claim("c1", 6, "t", "l");
        assertThat(hosts.admit(second, null, () -> "x")).isEqualTo(new HostTable.TakesOver<>("id-1", "first"));
        hosts.put(second, "id-1", "second");
        assertThat(hosts.remove("id-1", "first")).isFalse();
        assertThat(hosts.byTerminator("id-1")).contains("second");
        assertThat(hosts.admit(claim("c2", 1, "t2", "l"), null, () -> "x"))
                .isEqualTo(new HostTable.TakesOver<>("id-1", "second"));
        assertThat(hosts.admit(claim("c2", 1, "t", "other"), null, () -> "id-2"))
                .isEqualTo(new HostTable.Fresh<>("id-2"));
        assertThat(hosts.remove("id-1", "second")).isTrue();
        assertThat(hosts.all()).isEmpty();
        assertThat(hosts.admit(first, null, () -> "id-3")).isEqualTo(new HostTable.Fresh<>("id-3"));
    }

    @Test
    void withoutListenerIdOnlyTheSameConnectionIsTheSame() {
        HostTable<String> hosts = new HostTable<>();
        HostTable.Claim first = claim("c1", 5, "t", null);
        hosts.put(first, "id-1", "first");
        assertThat(hosts.admit(first, "first", () -> "x")).isEqualTo(new HostTable.Repeated<>("first"));
        assertThat(hosts.admit(claim("c1", 6, "t", null), null, () -> "id-2")).isEqualTo(new HostTable.Fresh<>("id-2"));
    }

    @Test
    void presenceIsToldByChangesAndAsAWhole() {
        Presence presence = new Presence();
        assertThat(presence.changes()).isEmpty();
        presence.opened("alice", "c1", Instant.ofEpochMilli(5), "from", "to");
        presence.opened("alice", "c2", Instant.ofEpochMilli(6), "from", "to");
        var changes = presence.changes().orElseThrow();
        assertThat(changes.getFullState()).isFalse();
        assertThat(changes.getEvents(0).getConnectTimesList())
                .extracting(details -> details.getConnectTime())
                .containsExactly(5L, 6L);
        presence.closed("alice", "c1");
        assertThat(presence.changes().orElseThrow().getEvents(0).getIsConnected())
                .isTrue();
        presence.closed("alice", "c2");
        presence.closed("alice", "c2");
        assertThat(presence.changes().orElseThrow().getEvents(0).getIsConnected())
                .isFalse();
        assertThat(presence.changes()).isEmpty();
        assertThat(presence.all().getFullState()).isTrue();
        assertThat(presence.all().getEventsList()).isEmpty();
    }
}
