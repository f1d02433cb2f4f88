package io.postern.wsproxy.hub;

import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.recording.Recordings;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Makes this room's one object for the process. */
@Singleton
class HubBeans {
    @Produces
    @Singleton
    Hub hub(
            HubConfig config,
            Engines engines,
            Instance<Recordings> recordings,
            Instance<ConsoleEvent.Witness> witnesses) {
        HubOptions options = new HubOptions(
                Math.toIntExact(config.ring().asLongValue()),
                Math.toIntExact(config.scrollback().asLongValue()),
                config.grace(),
                config.untaken(),
                config.idle(),
                config.longest(),
                config.sessionsPerUser(),
                config.sessionsPerContainer(),
                config.drain(),
                config.stall());
        List<ConsoleEvent.Witness> all = witnesses.stream().toList();
        return new Hub(
                engines,
                recordings.isResolvable() ? Optional.of(recordings.get()) : Optional.empty(),
                options,
                event -> all.forEach(witness -> witness.saw(event)));
    }
}
