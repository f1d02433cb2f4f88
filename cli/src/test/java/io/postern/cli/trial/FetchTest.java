package io.postern.cli.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.cli.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FetchTest {
    /** What a server that says this is fetched as. */
    private static Fetch fetch(String scheme, String answer, Duration patience) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    if (answer.isEmpty() && patience.toSeconds() < 5) {
                        socket.getInputStream().read(); // until the other side has had enough
                    }
                } catch (IOException e) {
                    // It has.
                }
            });
            Site site = Site.of(scheme + "://127.0.0.1:" + server.getLocalPort() + "/");
            return Fetch.of(site, new InetSocketAddress("127.0.0.1", server.getLocalPort()), patience);
        }
    }

    @Test
    void anAnswerIsCounted() throws IOException {
        Fetch fetch = fetch("http", "HTTP/1.1 200 OK\r\n\r\nhello", Duration.ofSeconds(30));
        assertThat(fetch.status()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(fetch.bytes()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http | '' | 1 | which says nothing for 1 s",
                "https | '' | 1 | which says nothing for 1 s",
                "http | '' | 30 | but no answer came",
                "http | SSH-2.0-x | 30 | but the answer is not HTTP",
                "https | HTTP/1.1 400 Bad Request | 30 | which does not speak TLS"
            })
    void whatComesInsteadIsASentence(String scheme, String answer, int seconds, String words) {
        assertThatThrownBy(() -> fetch(scheme, answer, Duration.ofSeconds(seconds)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED))
                .hasMessageStartingWith("The overlay led to 127.0.0.1:")
                .hasMessageContaining(words);
    }
}
