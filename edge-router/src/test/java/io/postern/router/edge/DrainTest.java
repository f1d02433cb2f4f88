package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.edge.Dial;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.StateClosed;
import java.util.concurrent.TimeUnit;
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

    private SdkPeer host() throws Exception {
        SdkPeer host = rig.client("host");
        host.send(ConversationTest.bind(1, true).frame());
        host.expect(ContentType.STATE_CONNECTED);
        host.expect(ContentType.BIND_SUCCESS);
        assertThat(rig.controllers.created.poll(60, TimeUnit.SECONDS)).isNotNull();
        return host;
    }

    private static int dialed(SdkPeer dialer, int connId, SdkPeer host) throws Exception {
        dialer.send(ConversationTest.connect(connId).frame());
        Frame asked = host.expect(ContentType.DIAL);
        int there = Dial.read(asked).newConnId();
        host.send(new DialSuccess(1, there, null).frame().replyFor(asked.sequence()));
        dialer.expect(ContentType.STATE_CONNECTED);
        return there;
    }

    @Test
    void letsConnectionsGoOnAndClosesChannelsThatCarryNone() throws Exception {
        SdkPeer host = host();
        SdkPeer dialer = rig.client("dialer");
        SdkPeer idle = rig.client("dialer");
        int there = dialed(dialer, 1, host);

        rig.listener.drain();

        idle.awaitClosed();
        assertThatThrownBy(() -> rig.client("dialer")).hasStackTraceContaining("about to stop");
        dialer.data(1, "still");
        host.expectData(there, 0, "still");
        host.data(there, "there");
        dialer.expectData(1, 0, "there");
        int second = dialed(dialer, 2, host);
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
