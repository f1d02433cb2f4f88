package io.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListeningTest {
    @Test
    void aPortThatIsTakenIsTold() throws IOException {
        int port;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            assertThat(Listening.complaint("127.0.0.1", port))
                    .hasValueSatisfying(
                            said -> assertThat(said).startsWith("cannot listen at 127.0.0.1:" + port + ": "));
        }
        assertThat(Listening.complaint("127.0.0.1", port)).isEmpty();
        assertThat(Listening.complaint("127.0.0.1", 0)).isEmpty();
    }

    @Test
    void anAddressOfAnotherMachineIsTold() {
        assertThat(Listening.complaint("192.0.2.77", 1280)).isPresent();
    }
}
