package io.postern.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An exec as bare as can be: two requests on the engine's socket, then its stream. The ceiling of what a proxy can do. */
final class RawExec implements Way {
    private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");

    private final Line line;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final StdcopyCount count;

    private RawExec(Line line, boolean tty) {
        this.line = line;
        this.count = new StdcopyCount(tty);
    }

    static RawExec start(Path socket, String container, boolean tty, String script) throws IOException {
        return start(Line.plain(UnixDomainSocketAddress.of(socket)), socket, container, tty, script);
    }

    /** @param line to the socket, whatever is between */
    static RawExec start(Line line, Path socket, String container, boolean tty, String script) throws IOException {
        String id = create(socket, container, tty, script);
        RawExec exec = new RawExec(line, tty);
        line.write(ByteBuffer.wrap(startRequest(id, tty)));
        Head head = new Head();
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        while (!head.isWhole()) {
            if (line.read(one.clear()) < 0) {
                throw new IOException("the engine hung up");
            }
            head.feed(one.flip());
        }
        return exec;
    }

    /** @return the exec's id */
    static String create(Path socket, String container, boolean tty, String script) throws IOException {
        String words = List.of("sh", "-c", script).stream()
                .map(word -> '"' + word.replace("\\", "\\\\") + '"')
                .collect(Collectors.joining(","));
        String body = "{\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true,\"Tty\":" + tty + ",\"Cmd\":["
                + words + "]}";
        try (SocketChannel call = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            write(call, request("/containers/" + container + "/exec", "Connection: close", body));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer some = ByteBuffer.allocate(4096);
            while (call.read(some) >= 0) {
                answer.write(some.array(), 0, some.position());
                some.clear();
            }
            Matcher found = ID.matcher(answer.toString(StandardCharsets.UTF_8));
            if (!found.find()) {
                throw new IOException("the engine makes no exec: " + answer);
            }
            return found.group(1);
        }
    }

    static byte[] startRequest(String id, boolean tty) {
        return request(
                "/exec/" + id + "/start",
                "Connection: Upgrade\r\nUpgrade: tcp",
                "{\"Detach\":false,\"Tty\":" + tty + "}");
    }

    private static byte[] request(String path, String headers, String body) {
        String request = "POST " + path + " HTTP/1.1\r\nHost: engine\r\n" + headers
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        return request.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(SocketChannel to, byte[] bytes) throws IOException {
        for (ByteBuffer all = ByteBuffer.wrap(bytes); all.hasRemaining(); ) {
            to.write(all);
        }
    }

    /** Finds where an answer's head ends. */
    static final class Head {
        private int matched;

        boolean isWhole() {
            return matched == 4;
        }

        /** Takes what belongs to the head. */
        void feed(ByteBuffer bytes) {
            while (bytes.hasRemaining() && !isWhole()) {
                byte next = bytes.get();
                matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : next == '\r' ? 1 : 0;
            }
        }
    }

    @Override
    public int read() throws IOException {
        return line.read(buffer.clear()) < 0 ? -1 : count.payload(buffer.flip());
    }

    @Override
    public void write(byte one) throws IOException {
        line.write(ByteBuffer.wrap(new byte[] {one}));
    }

    @Override
    public void close() throws IOException {
        line.close();
    }
}
