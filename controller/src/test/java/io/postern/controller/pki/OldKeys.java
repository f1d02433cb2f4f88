package io.postern.controller.pki;

import io.postern.controller.pki.KeyEntry.Role;
import io.postern.controller.testing.ScratchDatabase;
import io.postern.pki.Authority;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** Puts the keys of a network into a database that no controller has seen, as one that started a month ago would have. */
public final class OldKeys {
    private OldKeys() {}

    /** @return what issues certificates in this network */
    public static Authority make(DataSource database, Path keyFile) throws IOException {
        Instant then = Instant.now().minus(Duration.ofDays(30));
        var plan = new KeyPlan("ctrl1", "postern", Set.of("localhost"), "ec256", Optional.empty());
        Pool pool = ScratchDatabase.pool(database);
        try {
            var keys = new KeyStorage(pool, KeyVault.open(keyFile)).complete(have -> plan.missing(have, then));
            return KeyPlan.newest(keys, Role.INTERMEDIATE).orElseThrow().authority();
        } finally {
            pool.close();
        }
    }
}
