package io.postern.cli.quickstart;

import io.postern.client.Connection;
import io.postern.client.Listener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The smallest web server that a browser behind a tunneler would accept, and its smallest client. */
final class WebServer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private WebServer() {}

    /** Serves until the listener closes; one virtual thread per connection. */
    static void serve(Listener listener) {
        while (listener.isOpen()) {
            try {
                Connection connection = listener.accept();
                Thread.ofVirtual().name("web-connection").start(() -> answer(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Connection connection) {
        try (connection) {
            connection.readTimeout(PATIENCE);
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.input(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            String page = "Hello " + connection.callerId() + ", this is service " + connection.service()
                    + " behind router " + connection.router() + ".";
            String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + page.length()
                    + "\r\nConnection: close\r\n\r\n";
            connection.output().write((head + page).getBytes(StandardCharsets.UTF_8));
            connection.closeOutput();
            // The dialer's end of stream says that it has everything.
            connection.input().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // This visitor is gone; the next one is served all the same.
        }
    }

    /** Status line and page. */
    static String fetch(Connection connection) throws IOException {
        connection.readTimeout(PATIENCE);
        String request = "GET / HTTP/1.1\r\nHost: " + connection.service() + "\r\nConnection: close\r\n\r\n";
        connection.output().write(request.getBytes(StandardCharsets.UTF_8));
        String answer = new String(connection.input().readAllBytes(), StandardCharsets.UTF_8);
        int body = answer.indexOf("\r\n\r\n");
        return body < 0
                ? answer
                : answer.substring(0, answer.indexOf('\r')) + ", \"" + answer.substring(body + 4) + "\"";
    }
}
