package io.postern.conformance;

import io.postern.testkit.TrustAny;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends a long body without waiting and looks for the answer while it sends: the answer to a body that is
 * refused unread must reach it, although the body never ends.
 */
final class OversizedBody {
    private static final int LENGTH = 40 << 20;
    private static final int CHUNK = 16 << 10;
    private static final int READ_LIMIT_MILLIS = 60_000;

    private OversizedBody() {}

    /** The answer to such a POST, head and body; fails when the connection ends without one. */
    static String answer(URI base, String path) throws IOException, GeneralSecurityException {
        SSLContext tls = TrustAny.context();
        try (Socket line = new Socket(InetAddress.getLoopbackAddress(), base.getPort());
                SSLSocket socket =
                        (SSLSocket) tls.getSocketFactory().createSocket(line, base.getHost(), base.getPort(), true)) {
            line.setSoTimeout(READ_LIMIT_MILLIS);
            // a later version sends tickets after the handshake: here, any byte that comes is of the answer
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            int sent = send(socket.getOutputStream(), line.getInputStream(), base, path);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (answer.isEmpty()) {
                throw new Failed("the connection ends without an answer after " + sent + " bytes of the body");
            }
            return answer;
        }
    }

    /** Sends until an answer comes in or the body is whole; how many bytes of it went out. */
    private static int send(OutputStream out, InputStream line, URI base, String path) throws IOException {
        out.write(("POST " + path + " HTTP/1.1\r\nHost: " + base.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + LENGTH + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = "x".repeat(CHUNK).getBytes(StandardCharsets.US_ASCII);
        int sent = 0;
        while (sent < LENGTH && line.available() == 0) {
            out.write(chunk);
            sent += CHUNK;
        }
        return sent;
    }
}
