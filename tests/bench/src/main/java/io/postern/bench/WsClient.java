package io.postern.bench;

import io.postern.testkit.TrustAny;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A WebSocket of the console's own protocol for benches: blocking, few allocations, believes every certificate. */
final class WsClient implements AutoCloseable {
    private static final Pattern WINDOW = Pattern.compile("\"window\":(\\d+)");

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private byte[] payload = new byte[128 * 1024];
    private int length;
    private int opcode;
    private long window = 256 * 1024;
    private long received;
    private long acknowledged;

    /** @param address {@code wss:} or {@code ws:} @param headers whole lines */
    WsClient(URI address, String protocol, List<String> headers) throws IOException {
        boolean tls = address.getScheme().equals("wss");
        socket = tls
                ? TrustAny.context().getSocketFactory().createSocket(address.getHost(), address.getPort())
                : new Socket(address.getHost(), address.getPort());
        if (socket instanceof SSLSocket secure) {
            secure.startHandshake();
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 128 * 1024));
        out = socket.getOutputStream();
        StringBuilder head = new StringBuilder("GET ")
                .append(address.getRawPath())
                .append(address.getRawQuery() == null ? "" : "?" + address.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(address.getAuthority())
                .append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
                .append("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ")
                .append(protocol)
                .append("\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        String answer = head();
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException("no WebSocket: " + answer.lines().findFirst().orElse(""));
        }
    }

    private String head() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int end = 0;
        while (end < 4) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("hung up in the handshake");
            }
            bytes.write(next);
            end = next == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : next == '\r' ? 1 : 0;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads one frame into the buffer. @return false at the close */
    private boolean frame() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        opcode = first & 0x0F;
        int size = in.read() & 0x7F;
        length = size == 126 ? in.readUnsignedShort() : size == 127 ? Math.toIntExact(in.readLong()) : size;
        if (payload.length < length) {
            payload = new byte[length];
        }
        in.readFully(payload, 0, length);
        return opcode != 8;
    }

    /** Output bytes of the next message that has some; -1 at the end. Acknowledges as the console's protocol asks for. */
    int output() throws IOException {
        while (frame()) {
            if (opcode == 2 && length > 1) {
                received += length - 1;
                if (received - acknowledged > window / 2) {
                    acknowledged = received;
                    text("{\"type\":\"ack\",\"position\":" + received + "}");
                }
                return length - 1;
            }
            if (opcode == 1) {
                Matcher found = WINDOW.matcher(new String(payload, 0, length, StandardCharsets.UTF_8));
                if (found.find()) {
                    window = Long.parseLong(found.group(1));
                }
                if (length < 40 && new String(payload, 0, length, StandardCharsets.UTF_8).contains("\"ping\"")) {
                    text("{\"type\":\"pong\"}");
                }
            }
            if (opcode == 9) {
                send(10, new byte[0]);
            }
        }
        return -1;
    }

    /** The next binary message as it is; null at the end. Good until the next read. */
    @Nullable
    ByteBuffer message() throws IOException {
        while (frame()) {
            if (opcode == 2) {
                return ByteBuffer.wrap(payload, 0, length);
            }
        }
        return null;
    }

    void text(String text) throws IOException {
        send(1, text.getBytes(StandardCharsets.UTF_8));
    }

    void input(byte one) throws IOException {
        send(2, new byte[] {0, one});
    }

    void binary(byte[] bytes) throws IOException {
        send(2, bytes);
    }

    /** One frame, masked by zeros. */
    private void send(int code, byte[] bytes) throws IOException {
        int extra = bytes.length > 125 ? 2 : 0;
        byte[] frame = new byte[6 + extra + bytes.length];
        frame[0] = (byte) (0x80 | code);
        frame[1] = (byte) (0x80 | (extra > 0 ? 126 : bytes.length));
        if (extra > 0) {
            frame[2] = (byte) (bytes.length >> 8);
            frame[3] = (byte) bytes.length;
        }
        System.arraycopy(bytes, 0, frame, 6 + extra, bytes.length);
        out.write(frame);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
