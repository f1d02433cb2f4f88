package io.postern.router.circuit;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.function.Function;

/** What the features of the router see of {@link Circuits}: to end Circuits here, and to begin them. Any thread. */
public interface CircuitHost {
    /** Registers who dials Terminators of a binding: "edge" for SDK hosts, "tunnel" for the embedded tunneler. */
    void egress(String binding, EgressDialer dialer);

    /**
     * Begins a Circuit here, after the controller has answered the circuit request; its Route has then arrived.
     *
     * @param ingressAddress as the controller gave it
     * @param sink made on the loop, before anything can arrive
     */
    XgressEnd initiate(
            String circuitId,
            String ingressAddress,
            EventLoop loop,
            Map<String, String> tags,
            Function<XgressEnd, XgressSink> sink);
}
