package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.wire.edge.StateClosed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener that is told to take nobody new: what talks goes on, and clients leave one by one. */
@Timeout(120)
class DrainTest {
    private final EdgeRig rig = new EdgeRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void letsConnectionsGoOnAndClosesChannelsThatCarryNone() throws Exception {
        SdkPeer host = Talk.host(rig, true);
        SdkPeer dialer = rig.client("dialer");
        SdkPeer idle = rig.client("dialer");
        int there = Talk.begin(host, dialer, 1).hosted();

        rig.listener.drain();

        idle.awaitClosed();
        assertThatThrownBy(() -> rig.client("dialer")).hasStackTraceContaining("about to stop");
        dialer.data(1, "still");
        host.expectData(there, 0, "still");
        host.data(there, "there");
        dialer.expectData(1, 0, "there");
        int second = Talk.begin(host, dialer, 2).hosted();
        dialer.data(2, "and new ones of who is here");
        host.expectData(second, 0, "and new ones of who is here");

        dialer.send(StateClosed.of(1, "done").frame());
        host.expectClose();
        host.data(second, "one is left");
        dialer.expectData(2, 0, "one is left");
        assertThat(dialer.channel.isOpen()).isTrue();
        dialer.send(StateClosed.of(2, "done").frame());
        dialer.awaitClosed();
        host.awaitClosed();
    }
}
