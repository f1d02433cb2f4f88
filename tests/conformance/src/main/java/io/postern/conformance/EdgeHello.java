package io.postern.conformance;

import io.postern.testkit.TrustAny;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An SDK's first words to an edge router, and its answer, written byte by byte (SDK sheet 4.5): independent of the
 * product's own framing on purpose.
 */
final class EdgeHello {
    private static final byte[] MAGIC = {0x03, 0x06, 0x09, 0x0c};
    private static final int HELLO = 0;
    private static final int RESULT = 2;
    private static final int RESULT_SUCCESS = 2;
    private static final int SESSION_TOKEN = 1002;

    private EdgeHello() {}

    /** Whether a Hello with this token over this certificate is accepted, and stays accepted for a moment. */
    static boolean accepted(String routerUrl, KeyManager @Nullable [] keys, String token)
            throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(routerUrl, keys)) {
            byte[] secret = token.getBytes(StandardCharsets.UTF_8);
            ByteBuffer headers = ByteBuffer.allocate(8 + secret.length).order(ByteOrder.LITTLE_ENDIAN);
            headers.putInt(SESSION_TOKEN).putInt(secret.length).put(secret);
            socket.getOutputStream().write(frame(HELLO, headers.array(), "conformance"));
            socket.getOutputStream().flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            if (!succeeded(in)) {
                return false;
            }
            socket.setSoTimeout(1500); // some routers say yes first and close right after
            return stays(in);
        } catch (EOFException | java.net.SocketException | javax.net.ssl.SSLException e) {
            return false;
        }
    }

    /** Sends raw bytes; whether the router closes the connection within five seconds. */
    static boolean closedAfter(String routerUrl, KeyManager @Nullable [] keys, byte[] bytes)
            throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(routerUrl, keys)) {
            socket.setSoTimeout(8000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            byte[] sink = new byte[4096];
            while (true) {
                if (socket.getInputStream().read(sink) < 0) {
                    return true;
                }
            }
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
            return true;
        }
    }

    static byte[] frame(int contentType, byte[] headers, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame =
                ByteBuffer.allocate(20 + headers.length + body.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(MAGIC).putInt(contentType).putInt(1).putInt(headers.length).putInt(body.length);
        return frame.put(headers).put(body).array();
    }

    private static SSLSocket connect(String routerUrl, KeyManager @Nullable [] keys)
            throws IOException, GeneralSecurityException {
        URI url = URI.create(routerUrl.contains("//") ? routerUrl : routerUrl.replaceFirst("^tls:", "tls://"));
        SSLContext tls = TrustAny.context(keys);
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(url.getHost(), url.getPort()), 5000);
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, url.getHost(), url.getPort(), true);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static boolean succeeded(DataInputStream in) throws IOException {
        byte[] head = in.readNBytes(20);
        if (head.length < 20) {
            return false;
        }
        ByteBuffer fixed = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int contentType = fixed.getInt(4);
        ByteBuffer headers = ByteBuffer.wrap(in.readNBytes(fixed.getInt(12))).order(ByteOrder.LITTLE_ENDIAN);
        in.skipNBytes(fixed.getInt(16));
        boolean success = false;
        while (headers.remaining() >= 8) {
            int id = headers.getInt();
            byte[] value = new byte[headers.getInt()];
            headers.get(value);
            success |= id == RESULT_SUCCESS && value.length > 0 && value[0] == 1;
        }
        return contentType == RESULT && success;
    }

    private static boolean stays(DataInputStream in) throws IOException {
        try {
            return in.read() >= 0;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        }
    }
}
