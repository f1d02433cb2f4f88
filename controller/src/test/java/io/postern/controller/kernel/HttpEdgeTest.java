package io.postern.controller.kernel;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Http;
import io.postern.controller.testing.Network;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that is locked stands for a database that is there and does not answer. */
@ControllerTest
class HttpEdgeTest {
    private static final String TYPES = "/edge/management/v1/config-types";
    private static final String WAITING =
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";

    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE);

    @Inject
    HttpEdge edge;

    @Inject
    DataSource database;

    @Inject
    Network network;

    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord told) {
            if (told.getLevel().intValue() >= Level.WARNING.intValue()) {
                troubles.add(told.getLoggerName() + ": " + told.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private long configured;

    @BeforeEach
    void begin() {
        configured = edge.mostMillis;
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void end() {
        edge.mostMillis = configured;
        Logger.getLogger("").removeHandler(listener);
        network.clean();
    }

    private interface Request {
        void run() throws IOException;
    }

    /** Ends when the statements that waited have gone on. */
    private void whileLocked(String table, Request request) throws SQLException, IOException {
        try (Connection holder = database.getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table " + table + " in access exclusive mode");
            edge.mostMillis = 400;
            request.run();
            edge.mostMillis = configured;
            assertThat(waiting(holder)).as("statements that wait for the lock").isPositive();
            holder.rollback();
            Awaitility.await().until(() -> waiting(holder) == 0);
            holder.rollback();
            holder.setAutoCommit(true);
        }
    }

    private static int waiting(Connection connection) throws SQLException {
        try (var rows = connection.createStatement().executeQuery(WAITING)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** The answer that came too late is nobody's error. */
    private void assertOnlyTold(String line) {
        assertThat(troubles).hasSize(1).first().asString().contains(line);
    }

    private static ValidatableResponse list() {
        return given().header("test-admin", "1").get(TYPES).then();
    }

    @Test
    void aRequestOfADatabaseThatDoesNotAnswerIsAnswered() throws Exception {
        assertThat(configured).isEqualTo(30_000);
        whileLocked(
                "config_type",
                () -> list().statusCode(503)
                        .contentType(equalTo("application/json"))
                        .header("Retry-After", "1")
                        .body("error.code", is("TIMEOUT"))
                        .body(
                                "error.cause.message",
                                equalTo(
                                        "there was no answer in time; a change that was under way may be stored or not")));
        list().statusCode(200);
        assertOnlyTold("postern.api: api.late method=GET path=" + TYPES);
    }

    @Test
    void aLoginThatTheRestLayerDoesNotSeeIsAnsweredOnce() throws Exception {
        Http device = network.enrolled(network.identity()).http();
        String path = "/edge/client/v1/authenticate";
        whileLocked("authenticator", () -> {
            Http.Answer late = device.post(path + "?method=cert", "{}");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.errorCode()).isEqualTo("TIMEOUT");
        });
        assertThat(device.post(path + "?method=cert", "{}").status()).isEqualTo(200);
        assertOnlyTold("api.late method=POST path=" + path);
    }

    @Test
    void aConnectionOnWhichNothingMoreComesIsKept() throws Exception {
        String request = "GET " + TYPES + " HTTP/1.1\r\nHost: localhost\r\ntest-admin: 1\r\n\r\n";
        try (Socket socket = connect()) {
            whileLocked("config_type", () -> {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                assertThat(answer(socket)).startsWith("HTTP/1.1 503 ").doesNotContainIgnoringCase("connection: close");
            });
            socket.setSoTimeout(1_500);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .as("it would be closed after a second")
                    .isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aBodyThatDoesNotComeCostsItsConnection() throws Exception {
        edge.mostMillis = 400;
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /edge/management/v1/services HTTP/1.1\r\nHost: localhost\r\ntest-admin: 1\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"name\":")
                            .getBytes(ISO_8859_1));
            assertThat(answer(socket)).startsWith("HTTP/1.1 503 ").containsIgnoringCase("connection: close");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Its head, and its body where the head says how long that is. */
    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("the connection after " + head).isNotNegative();
            head.append((char) next);
        }
        var length = LENGTH.matcher(head);
        return !length.find()
                ? head.toString()
                : head + new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1);
    }
}
