package io.postern.wsproxy.access;

import io.postern.wsproxy.controller.Controller;
import io.postern.wsproxy.controller.Controller.Standing;
import io.postern.wsproxy.controller.ControllerTrouble;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Has rights of API Sessions whose consoles live confirmed, many at a time, past what is believed. Blocks. */
@Singleton
public class Confirmations {
    private static final Logger LOG = Logger.getLogger("postern.access");
    private static final int PAGE = 200;

    private final Controller controller;

    public Confirmations(Controller controller) {
        this.controller = controller;
    }

    /** What came of it for one API Session. */
    public sealed interface Confirmation {
        record Lasts(String identityId, Rights rights) implements Confirmation {}

        /** @param reason a sentence for who is sent away */
        record Ended(String reason) implements Confirmation {}
    }

    /**
     * Asks, and says that these API Sessions are in use.
     *
     * @return empty when nobody could be asked
     */
    public Optional<Map<String, Confirmation>> confirm(Collection<String> apiSessions) {
        Map<String, Confirmation> all = new HashMap<>();
        List<String> ids = new ArrayList<>(apiSessions);
        try {
            for (int i = 0; i < ids.size(); i += PAGE) {
                List<String> page = ids.subList(i, Math.min(i + PAGE, ids.size()));
                Map<String, Standing> standings = controller.standings(page, true);
                page.forEach(id -> all.put(id, confirmation(standings.get(id))));
            }
            return Optional.of(all);
        } catch (ControllerTrouble trouble) {
            if (trouble.kind() == ControllerTrouble.Kind.FORBIDDEN) {
                ids.forEach(id ->
                        all.put(id, new Confirmation.Ended("this proxy may not reach the container host any more")));
                return Optional.of(all);
            }
            LOG.warnf(
                    "access.unconfirmed kind=%s apiSessions=%d reason=%s",
                    trouble.kind(), ids.size(), trouble.getMessage());
            return Optional.empty();
        }
    }

    private static Confirmation confirmation(@org.jspecify.annotations.Nullable Standing standing) {
        return standing == null
                ? new Confirmation.Ended("the API Session has ended")
                : new Confirmation.Lasts(standing.identityId(), GrantedRights.of(standing.hosts()));
    }
}
