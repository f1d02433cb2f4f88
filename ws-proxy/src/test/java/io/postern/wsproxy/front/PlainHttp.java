package io.postern.wsproxy.front;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A client of one request on one connection, which may send any header. It reads a plain socket until the server ends the
 * connection, so nothing of one call is left for the next.
 */
final class PlainHttp {
    private static final int PATIENCE = 60_000;
    private static final int LONGEST = 4 * 1024 * 1024;

    private PlainHttp() {}

    /** @param headers by names in any case */
    record Answer(int status, Map<String, String> headers, String text) {}

    static Answer call(int port, String method, String path, Map<String, String> headers, @Nullable String body) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Host", "127.0.0.1:" + port);
        all.putAll(headers);
        all.put("Connection", "close");
        byte[] content = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        if (body != null || !method.equals("GET")) {
            all.put("Content-Length", String.valueOf(content.length));
        }
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(content);
            return parse(socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        }
    }

    private static Answer parse(byte[] bytes) throws IOException {
        EmbeddedChannel codec = new EmbeddedChannel(new HttpResponseDecoder(), new HttpObjectAggregator(LONGEST));
        codec.writeInbound(Unpooled.wrappedBuffer(bytes));
        codec.finish();
        FullHttpResponse response = codec.readInbound();
        if (response == null) {
            throw new IOException("no answer in " + bytes.length + " bytes");
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        Answer answer =
                new Answer(response.status().code(), headers, response.content().toString(StandardCharsets.UTF_8));
        response.release();
        return answer;
    }
}
