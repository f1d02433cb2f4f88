package io.postern.controller.kernel;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.postern.controller.ControllerTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that is locked stands for a database that is there and does not answer. */
@ControllerTest
class HttpEdgeTest {
    @Inject
    HttpEdge edge;

    @Inject
    DataSource database;

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
    void shorten() {
        configured = edge.mostMillis;
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void restore() {
        edge.mostMillis = configured;
        Logger.getLogger("").removeHandler(listener);
    }

    private static ValidatableResponse list() {
        return given().header("test-admin", "1")
                .get("/edge/management/v1/config-types")
                .then();
    }

    @Test
    void aRequestOfADatabaseThatDoesNotAnswerIsAnswered() throws SQLException {
        assertThat(configured).isEqualTo(30_000);
        try (Connection holder = database.getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table config_type in access exclusive mode");
            edge.mostMillis = 400;
            list().statusCode(503)
                    .contentType(equalTo("application/json"))
                    .header("Retry-After", "1")
                    .body("error.code", is("TIMEOUT"))
                    .body(
                            "error.cause.message",
                            equalTo("there was no answer in time; a change that was under way may be stored or not"));
            edge.mostMillis = configured;
            int before = requests(holder);
            assertThat(before).as("statements that wait for the lock").isPositive();
            holder.rollback();
            Awaitility.await().until(() -> requests(holder) == 0);
            holder.rollback();
            holder.setAutoCommit(true);
        }
        list().statusCode(200);
        // the answer that came too late is nobody's error
        assertThat(troubles).hasSize(1).first().asString().contains("postern.api: api.late");
    }

    private static int requests(Connection connection) throws SQLException {
        try (var rows = connection
                .createStatement()
                .executeQuery("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
