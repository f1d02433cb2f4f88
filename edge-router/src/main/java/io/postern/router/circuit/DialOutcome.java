package io.postern.router.circuit;

import io.netty.channel.EventLoop;
import io.postern.wire.RouteError;
import java.util.Map;
import java.util.function.Function;

/** How the dial of an {@link EgressDialer} ended. */
public sealed interface DialOutcome {
    /**
     * @param peerData goes back to the dialing side: public key, addresses
     * @param loop where the end lives from now on; the sink is called there
     * @param sink made on that loop once the end exists; if the Route was given up meanwhile it is never called and
     *     {@code abandoned} is
     * @param abandoned frees what was dialed
     */
    record Connected(
            Map<Integer, byte[]> peerData, EventLoop loop, Function<XgressEnd, XgressSink> sink, Runnable abandoned)
            implements DialOutcome {}

    /** @param code of a {@link RouteError} */
    record Failed(RouteError code, String text) implements DialOutcome {}
}
