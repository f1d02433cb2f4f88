package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.MalformedInputException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
    private static Exception because(Exception failed, Throwable cause) {
        failed.initCause(cause);
        return failed;
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new SocketTimeoutException("Read timed out"), Failure.UNREACHABLE, "did not answer in time"),
                Arguments.of(new HttpTimeoutException("x"), Failure.UNREACHABLE, "did not answer in time"),
                Arguments.of(
                        new ConnectException("no controller answers"), Failure.UNREACHABLE, "no controller answers"),
                Arguments.of(new NoRouteToHostException("No route"), Failure.UNREACHABLE, "connection failed"),
                Arguments.of(new ProtocolException("Invalid status line"), Failure.UNREACHABLE, "does not speak HTTP"),
                Arguments.of(
                        because(new IOException("no bytes"), new EOFException()), Failure.UNREACHABLE, "broke off"),
                Arguments.of(
                        new SSLException("Unsupported or unrecognized SSL message"),
                        Failure.UNREACHABLE,
                        "does not speak TLS"),
                Arguments.of(
                        because(new SSLHandshakeException("x"), new CertificateException("No name matching")),
                        Failure.UNREACHABLE,
                        "is not trusted"),
                Arguments.of(
                        because(new SSLHandshakeException("x"), new CertPathBuilderException("no path")),
                        Failure.UNREACHABLE,
                        "is not trusted"),
                Arguments.of(new MalformedInputException(1), Failure.FILE, "is no text"),
                Arguments.of(new NoSuchFileException("f"), Failure.FILE, "There is no file f"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anExceptionIsASentenceAndACode(Exception cause, int code, String words) {
        Failure failure = Failure.of(cause);
        assertThat(failure.exitCode()).isEqualTo(code);
        assertThat(failure).hasMessageContaining(words).hasMessageNotContaining("timed out");
    }
}
