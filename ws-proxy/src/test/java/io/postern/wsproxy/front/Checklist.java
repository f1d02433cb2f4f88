package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wsproxy.front.FrontServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The front for tests of what has gone wrong with console proxies elsewhere: each is one that fails when the hole opens, and
 * docs/console-checklist.md lists them. After each test the log is searched for tokens, tickets and passwords.
 */
final class Checklist extends Handler implements BeforeEachCallback, AfterEachCallback {
    static final List<String> CONSOLE = List.of("console.postern.v1");
    static final List<String> V5 = List.of("v5.channel.k8s.io");
    static final String ATTACH = "/v1/hosts/dock1/containers/web-1/attach";
    static final String EXEC = "/v1/hosts/dock1/containers/web-1/exec?command=id";
    static final String POD = "/api/v1/namespaces/dock1/pods/web-1";
    static final String FOR_ATTACH = "{\"action\":\"attach\",\"host\":\"dock1\",\"container\":\"web-1\"}";
    static final String BY_ID = "/v1/hosts/dock1/containers/" + FakeRooms.RUNNING;
    private static final int PATIENCE = 60_000;

    final FrontServer server = new FrontServer();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<String> tickets = new CopyOnWriteArrayList<>();

    @Override
    public void beforeEach(ExtensionContext test) {
        Logger.getLogger("").addHandler(this);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        server.close();
        Logger.getLogger("").removeHandler(this);
        String all = String.join("\n", log);
        assertThat(all).doesNotContain(FakeRooms.TOKEN).doesNotContain("right horse");
        tickets.forEach(ticket -> assertThat(all).doesNotContain(ticket));
    }

    @Override
    public void publish(LogRecord record) {
        log.add(record.getMessage() + " " + Arrays.toString(record.getParameters()) + " " + record.getThrown());
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        // nothing is open
    }

    static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new HashMap<>(FrontServer.bearer());
        headers.put(name, value);
        return headers;
    }

    int attach(Map<String, String> headers) {
        return server.upgrade(ATTACH, CONSOLE, headers);
    }

    String ticket(String body) {
        Answer answer = server.call("POST", "/v1/tickets", FrontServer.bearer(), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        String ticket = answer.body().path("ticket").asText();
        tickets.add(ticket);
        return ticket;
    }

    Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    /** A client's handshake that offers compression. */
    static String handshake(String token, int port) {
        return "GET " + ATTACH + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: console.postern.v1\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                + "Authorization: Bearer " + token + "\r\n\r\n";
    }

    /** @return the answer's head in small letters */
    static String head(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }

    static FrontSettings copy(
            FrontSettings s,
            List<String> proxies,
            FrontSettings.Rate handshakes,
            FrontSettings.Rate logins,
            int sockets) {
        return new FrontSettings(
                s.names(),
                s.origins(),
                proxies,
                s.publicUrl(),
                handshakes,
                logins,
                sockets,
                s.archive(),
                s.ping(),
                s.silence(),
                s.zun());
    }
}
