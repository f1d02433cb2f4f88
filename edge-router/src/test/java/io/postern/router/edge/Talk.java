package io.postern.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.Header;
import io.postern.wire.edge.Bind;
import io.postern.wire.edge.Connect;
import io.postern.wire.edge.Dial;
import io.postern.wire.edge.DialSuccess;
import io.postern.wire.edge.Precedence;
import io.postern.wire.edge.StateConnected;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Circuit between two clients of the rig, and what stock clients say to get there.
 *
 * @param hosted the host's number of the Connection
 */
record Talk(SdkPeer host, SdkPeer dialer, int hosted, String circuitId) {
    static final byte[] HOST_KEY = {1, 2, 3};
    static final byte[] DIALER_KEY = {4, 5, 6};
    static final int COST = 7;

    static Bind bind(int connId, boolean modern) {
        return bind(connId, modern, modern ? new byte[] {9} : null);
    }

    static Bind bind(int connId, boolean modern, byte @Nullable [] listenerId) {
        return new Bind(
                connId,
                FakeModel.bind("host", "svc"),
                HOST_KEY,
                COST,
                Precedence.DEFAULT,
                null,
                null,
                listenerId,
                modern,
                modern,
                modern);
    }

    static Connect connect(int connId) {
        return new Connect(
                connId,
                FakeModel.dial("dialer", "svc"),
                DIALER_KEY,
                null,
                "caller",
                new byte[] {7},
                "mark",
                null,
                false,
                false);
    }

    /** @param modern whether the host takes the router's numbers and wants to hear that it is bound */
    static SdkPeer host(EdgeRig rig, boolean modern) throws Exception {
        SdkPeer host = rig.client("host");
        host.send(bind(1, modern).frame());
        StateConnected state = StateConnected.read(host.expect(ContentType.STATE_CONNECTED));
        assertThat(state.connId()).isEqualTo(1);
        assertThat(state.routerConnId()).isEqualTo(modern);
        if (modern) {
            assertThat(host.expect(ContentType.BIND_SUCCESS).i32(Header.CONN_ID, 0))
                    .isEqualTo(1);
        }
        assertThat(rig.controllers.created.poll(60, TimeUnit.SECONDS).getCost()).isEqualTo(COST);
        return host;
    }

    static Talk begin(EdgeRig rig) throws Exception {
        return begin(host(rig, true), rig.client("dialer"));
    }

    static Talk begin(SdkPeer host, SdkPeer dialer) throws Exception {
        return begin(host, dialer, 1);
    }

    static Talk begin(SdkPeer host, SdkPeer dialer, int connId) throws Exception {
        dialer.send(connect(connId).frame());
        Frame asked = host.expect(ContentType.DIAL);
        int hosted = Dial.read(asked).newConnId();
        host.send(new DialSuccess(1, hosted, null).frame().replyFor(asked.sequence()));
        String circuitId = dialer.expect(ContentType.STATE_CONNECTED).string(Header.CIRCUIT_ID);
        return new Talk(host, dialer, hosted, circuitId);
    }
}
