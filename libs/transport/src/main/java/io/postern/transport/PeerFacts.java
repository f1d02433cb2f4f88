package io.postern.transport;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/** Everything about the peer that does not change while the channel lives. */
record PeerFacts(
        String channelId,
        String peerId,
        List<X509Certificate> chain,
        Map<Integer, byte[]> hello,
        InetSocketAddress remote,
        InetSocketAddress local) {}
