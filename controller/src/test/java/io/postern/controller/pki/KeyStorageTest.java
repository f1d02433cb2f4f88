package io.postern.controller.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.ScratchDatabase;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ControllerTest
class KeyStorageTest {
    @TempDir
    Path folder;

    private ScratchDatabase database;
    private Pool pool;

    @BeforeEach
    void open() {
        database = new ScratchDatabase();
        database.flyway().load().migrate();
        pool = ScratchDatabase.pool(database.source());
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    /** Renewal tries again and again; each try would keep a connection of the pool that all requests use. */
    @Test
    void aDatabaseThatDoesNotAnswerCostsOneConnection() throws Exception {
        var storage = new KeyStorage(pool, KeyVault.open(folder.resolve("pki.key")), Duration.ofMillis(300));
        try (Connection holder = database.source().getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table pki_key in access exclusive mode");
            assertThatThrownBy(() -> storage.complete(have -> List.of())).hasMessageContaining("no answer within");
            assertThatThrownBy(() -> storage.complete(have -> List.of()))
                    .hasMessageContaining("has not answered what it was asked for keys before");
            holder.rollback();
        }
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(storage.complete(have -> List.of())).isEmpty());
    }
}
