package io.postern.wsproxy.access;

import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What one subject may do, as it was when it was read. A value: decides without asking anybody. */
public interface Rights {
    /** Hosts on which anything at all is granted. */
    Set<HostName> hosts();

    /** Is it granted? Denied unless a grant says so. */
    boolean permits(Action action, ContainerFacts container);

    /** May a command run as this user? The container's own default user is permitted with {@link Action#EXEC}. */
    boolean permitsUser(String user, ContainerFacts container);

    /** Limits and recording of consoles on a host. */
    HostRules rules(HostName host);

    /** Recording of a host's consoles. */
    enum Recording {
        OFF,
        ON,
        /** No console without a recording. */
        REQUIRED
    }

    /**
     * A host's rules; an empty value leaves it to the proxy's configuration.
     *
     * @param recordInput is what is typed recorded, too?
     */
    record HostRules(
            Optional<Integer> sessionsPerUser,
            Optional<Integer> sessionsPerContainer,
            Optional<Duration> idle,
            Optional<Duration> longest,
            Optional<Recording> recording,
            boolean recordInput) {}
}
