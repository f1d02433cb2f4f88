package io.postern.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A WebSocket for benches: blocking, copies no payload. Knows the controls of the console's own protocol. */
final class WsClient implements AutoCloseable {
    private static final Pattern WINDOW = Pattern.compile("\"window\":(\\d+)");
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Line line;
    /** What came and was not looked at, ready to be read. */
    private final ByteBuffer in = ByteBuffer.allocateDirect(128 * 1024).flip();

    private final ByteBuffer out = ByteBuffer.allocateDirect(4 * 1024);
    /** Of the frame's payload. */
    private long left;

    /** Does a message begin with what is left? */
    private boolean opens;

    private boolean begins;
    private long window = 256 * 1024;
    private long received;
    private long acknowledged;

    /** @param address {@code wss:} or {@code ws:} @param headers whole lines */
    WsClient(URI address, String protocol, List<String> headers) throws IOException {
        InetSocketAddress socket = new InetSocketAddress(address.getHost(), address.getPort());
        line = address.getScheme().equals("wss") ? Line.tls(socket) : Line.plain(socket);
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
        line.write(ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)));
        String answer = head();
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException("no WebSocket: " + answer.lines().findFirst().orElse(""));
        }
    }

    private String head() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int end = 0;
        while (end < 4) {
            if (!has(1)) {
                throw new IOException("hung up in the handshake");
            }
            int next = in.get();
            bytes.write(next);
            end = next == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : next == '\r' ? 1 : 0;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Waits until so many bytes are there, of at most the buffer's capacity. @return false when they will not come */
    private boolean has(int bytes) throws IOException {
        while (in.remaining() < bytes) {
            in.compact();
            int some = line.read(in);
            in.flip();
            if (some < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The next bytes of a binary message, as many as are there.
     *
     * @return good until the next call; null at the end
     */
    @Nullable
    ByteBuffer part() throws IOException {
        while (left == 0) {
            if (!frame()) {
                return null;
            }
        }
        if (!has(1)) {
            return null;
        }
        int some = (int) Math.min(left, in.remaining());
        ByteBuffer part = in.slice(in.position(), some);
        in.position(in.position() + some);
        left -= some;
        begins = opens;
        opens = false;
        return part;
    }

    /** Is the last part the first one of its message? */
    boolean begins() {
        return begins;
    }

    /** Reads a frame's head, and the whole frame when it is not of a binary message. @return false at the end */
    private boolean frame() throws IOException {
        if (!has(2)) {
            return false;
        }
        int opcode = in.get() & 0x0F;
        int length = in.get() & 0x7F;
        if (length > 125 && !has(length == 126 ? 2 : 8)) {
            return false;
        }
        long size = length == 126 ? in.getShort() & 0xFFFF : length == 127 ? in.getLong() : length;
        if (opcode == BINARY || opcode == CONTINUATION) {
            opens = opcode == BINARY;
            left = size;
            return true;
        }
        if (opcode == CLOSE || size > in.capacity() || !has((int) size)) {
            return false;
        }
        byte[] all = new byte[(int) size];
        in.get(all);
        if (opcode == PING) {
            send(PONG, all);
        } else if (opcode == TEXT) {
            control(new String(all, StandardCharsets.UTF_8));
        }
        return true;
    }

    private void control(String text) throws IOException {
        Matcher found = WINDOW.matcher(text);
        if (found.find()) {
            window = Long.parseLong(found.group(1));
        } else if (text.contains("\"type\":\"ping\"")) {
            text("{\"type\":\"pong\"}");
        }
    }

    /** Output bytes of the console's own protocol; -1 at the end. Acknowledges as the protocol asks for. */
    int output() throws IOException {
        while (true) {
            ByteBuffer part = part();
            if (part == null) {
                return -1;
            }
            int bytes = part.remaining() - (begins() ? 1 : 0);
            if (bytes > 0) {
                received += bytes;
                if (received - acknowledged > window / 2) {
                    acknowledged = received;
                    text("{\"type\":\"ack\",\"position\":" + received + "}");
                }
                return bytes;
            }
        }
    }

    void text(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void input(byte one) throws IOException {
        send(BINARY, new byte[] {0, one});
    }

    void binary(byte[] bytes) throws IOException {
        send(BINARY, bytes);
    }

    /** One frame, masked by zeros. */
    private void send(int code, byte[] bytes) throws IOException {
        out.clear().put((byte) (0x80 | code));
        if (bytes.length > 125) {
            out.put((byte) (0x80 | 126)).putShort((short) bytes.length);
        } else {
            out.put((byte) (0x80 | bytes.length));
        }
        line.write(out.putInt(0).put(bytes).flip());
    }

    @Override
    public void close() throws IOException {
        line.close();
    }
}
