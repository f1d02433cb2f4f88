package io.postern.transport;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A peer's hello, not answered yet.
 *
 * @param body the text of the body: whom the peer says it is
 * @param peerChain as presented, leaf first; empty when none was
 * @param alpn the negotiated protocol, empty when none was
 */
public record PendingHello(
        Map<Integer, byte[]> headers,
        String body,
        List<X509Certificate> peerChain,
        String alpn,
        InetSocketAddress remoteAddress) {

    public Optional<String> string(int header) {
        return Optional.ofNullable(headers.get(header)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    public boolean bool(int header) {
        byte[] value = headers.get(header);
        return value != null && value.length == 1 && value[0] == 1;
    }

    /** One to four bytes, little-endian; absent or wider gives the fallback. */
    public int i32(int header, int fallback) {
        byte[] value = headers.get(header);
        if (value == null || value.length < 1 || value.length > 4) {
            return fallback;
        }
        int number = 0;
        for (int i = value.length - 1; i >= 0; i--) {
            number = number << 8 | (value[i] & 0xFF);
        }
        return number;
    }

    /** Header values hold tokens: only who and whence is printed. */
    @Override
    public String toString() {
        return "hello from " + remoteAddress + " headers=" + headers.keySet();
    }
}
