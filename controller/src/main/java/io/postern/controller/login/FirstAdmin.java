package io.postern.controller.login;

import io.postern.controller.boot.PosternConfig;
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

/** Makes an administrator when there is none, so that somebody can begin. Its password is shown once, or configured. */
@Singleton
public class FirstAdmin {
    private static final Logger LOG = Logger.getLogger(FirstAdmin.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Replicas that start together take turns by it. */
    private static final String LOCK = "select 1 from pg_advisory_xact_lock(1886611185)";

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

    FirstAdmin(Kernel kernel, PosternConfig config) {
        this.kernel = kernel;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        Optional<String> configured = config.admin().password();
        String password = configured.orElseGet(Passwords::generate);
        boolean made = kernel.onContext(() -> kernel.write(work -> makeIfMissing(work, password)))
                .await()
                .atMost(LIMIT);
        if (made) {
            LOG.infof("admin.created username=%s", config.admin().username());
            if (configured.isEmpty()) {
                System.out.println("First administrator: username "
                        + config.admin().username() + ", password " + password + "\nThis password is not shown again.");
            }
        }
    }

    private Uni<Boolean> makeIfMissing(Work work, String password) {
        return work.session()
                .createNativeQuery(LOCK, Integer.class)
                .getSingleResult()
                .chain(() -> work.session()
                        .createNativeQuery("select count(*) from identity where is_default_admin", Long.class)
                        .getSingleResult())
                .flatMap(count -> count > 0
                        ? Uni.createFrom().item(false)
                        : make(work, password).replaceWith(true));
    }

    private Uni<Integer> make(Work work, String password) {
        String identityId = Ids.next();
        work.changed("identity", identityId, Action.CREATE);
        return work.session()
                .createNativeQuery(IDENTITY)
                .setParameter(1, identityId)
                .setParameter(2, work.now())
                .executeUpdate()
                .chain(() -> work.session()
                        .createNativeQuery(AUTHENTICATOR)
                        .setParameter(1, Ids.next())
                        .setParameter(2, work.now())
                        .setParameter(3, identityId)
                        .setParameter(4, config.admin().username())
                        .setParameter(5, Passwords.hash(password))
                        .executeUpdate());
    }
}
