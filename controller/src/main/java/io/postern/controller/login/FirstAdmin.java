package io.postern.controller.login;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.boot.Schema;
import io.postern.controller.boot.Waiting;
import io.postern.controller.kernel.Ids;
import io.postern.controller.kernel.Kernel;
import io.postern.controller.kernel.ModelChange.Action;
import io.postern.controller.kernel.Work;
import io.postern.pki.Passwords;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Makes an administrator when there is none, so that somebody can begin, and lets it in again when it is told to. The password
 * is shown once, or configured.
 */
@Singleton
public class FirstAdmin {
    private static final Logger LOG = Logger.getLogger(FirstAdmin.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Replicas that start together take turns by it. */
    private static final String LOCK = "select 1 from pg_advisory_xact_lock(1886611185)";

    private static final String DEFAULT = "select id from identity where is_default_admin";
    private static final String ENABLE =
            "update identity set updated_at = ?2, is_admin = true, disabled_at = null, disabled_until = null where id = ?1";
    /** Answers its name; nothing when the identity has no password at all. */
    private static final String RESET = """
            update authenticator set updated_at = ?2, password_hash = ?3
            where identity_id = ?1 and method = 'updb' returning username
            """;

    private static final String IDENTITY = """
            insert into identity (id, created_at, updated_at, name, type_id, is_admin, is_default_admin)
            values (?1, ?2, ?2, 'Default Admin', 'Default', true, true)
            """;
    private static final String AUTHENTICATOR = """
            insert into authenticator (id, created_at, updated_at, method, identity_id, username, password_hash)
            values (?1, ?2, ?2, 'updb', ?3, ?4, ?5)
            """;

    private final Kernel kernel;
    private final PosternConfig config;
    private final Schema schema;

    FirstAdmin(Kernel kernel, PosternConfig config, Schema schema) {
        this.kernel = kernel;
        this.config = config;
        this.schema = schema;
    }

    void start(@Observes StartupEvent event) {
        if (!config.admin().reset() && isThere()) {
            return;
        }
        Optional<String> configured = config.admin().password();
        String password = configured.orElseGet(Passwords::generate);
        Done done = kernel.onContext(() -> kernel.write(work -> makeOrMend(work, password)))
                .await()
                .atMost(LIMIT);
        if (done.what == What.NOTHING) {
            return;
        }
        LOG.infof("admin.%s username=%s", done.what == What.MADE ? "created" : "reset", done.username);
        if (configured.isEmpty()) {
            System.out.println("First administrator: username " + done.username + ", password " + password
                    + "\nThis password is not shown again.");
        }
    }

    private boolean isThere() {
        try {
            return Waiting.on(schema.pool().query(DEFAULT).execute(), LIMIT).size() > 0;
        } catch (RuntimeException e) {
            throw new IllegalStateException("the first administrator cannot be looked up: " + e.getMessage(), e);
        }
    }

    private enum What {
        NOTHING,
        MADE,
        RESET
    }

    private record Done(What what, String username) {}

    private Uni<Done> makeOrMend(Work work, String password) {
        return work.session()
                .createNativeQuery(LOCK, Integer.class)
                .getSingleResult()
                .chain(() ->
                        work.session().createNativeQuery(DEFAULT, String.class).getSingleResultOrNull())
                .flatMap(identityId -> {
                    if (identityId == null) {
                        return make(work, password)
                                .replaceWith(new Done(What.MADE, config.admin().username()));
                    }
                    return config.admin().reset()
                            ? reset(work, identityId, password).map(username -> new Done(What.RESET, username))
                            : Uni.createFrom().item(new Done(What.NOTHING, ""));
                });
    }

    /** The name stays, where there is one; whatever kept the identity out or took its rights is over. */
    private Uni<String> reset(Work work, String identityId, String password) {
        work.changed("identity", identityId, Action.UPDATE);
        return work.session()
                .createNativeQuery(ENABLE)
                .setParameter(1, identityId)
                .setParameter(2, work.now())
                .executeUpdate()
                .chain(() -> work.session()
                        .createNativeQuery(RESET, String.class)
                        .setParameter(1, identityId)
                        .setParameter(2, work.now())
                        .setParameter(3, Passwords.hash(password))
                        .getSingleResultOrNull())
                .flatMap(username -> username != null
                        ? Uni.createFrom().item(username)
                        : authenticator(work, identityId, password)
                                .replaceWith(config.admin().username()));
    }

    private Uni<Integer> make(Work work, String password) {
        String identityId = Ids.next();
        work.changed("identity", identityId, Action.CREATE);
        return work.session()
                .createNativeQuery(IDENTITY)
                .setParameter(1, identityId)
                .setParameter(2, work.now())
                .executeUpdate()
                .chain(() -> authenticator(work, identityId, password));
    }

    private Uni<Integer> authenticator(Work work, String identityId, String password) {
        return work.session()
                .createNativeQuery(AUTHENTICATOR)
                .setParameter(1, Ids.next())
                .setParameter(2, work.now())
                .setParameter(3, identityId)
                .setParameter(4, config.admin().username())
                .setParameter(5, Passwords.hash(password))
                .executeUpdate();
    }
}
