package io.postern.controller.console;

import io.postern.api.Envelope;
import io.postern.api.Refusal;
import io.postern.controller.access.Caller;
import io.postern.controller.kernel.Kernel;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** A proxy waits for changes of rights. */
@Path("/edge/client/v1/console-changes")
@Produces(MediaType.APPLICATION_JSON)
public class ConsoleChangesResource {
    private static final long LONGEST_SECONDS = 25;

    private final Caller caller;
    private final Kernel kernel;
    private final ConsoleProxies proxies;
    private final ConsoleChanges changes;

    ConsoleChangesResource(Caller caller, Kernel kernel, ConsoleProxies proxies, ConsoleChanges changes) {
        this.caller = caller;
        this.kernel = kernel;
        this.proxies = proxies;
        this.changes = changes;
    }

    @GET
    @Operation(
            summary = "Changes of rights on containers",
            description =
                    "For a console proxy: waits up to `wait` seconds (at most 25) for changes after index `after`,"
                            + " and says whose rights or API Sessions are concerned. Without `after` it answers at once.")
    public Uni<Envelope<ConsoleChanges.Changed>> changes(
            @RestQuery @Nullable String after, @RestQuery @Nullable String wait) {
        long index = number("after", after, -1, Long.MAX_VALUE);
        Duration patience = index < 0 ? Duration.ZERO : Duration.ofSeconds(number("wait", wait, 0, LONGEST_SECONDS));
        return proxies.hosts(caller.identityId(), kernel.now())
                .chain(() -> changes.since(index, patience))
                .map(Envelope::of);
    }

    private static long number(String name, @Nullable String text, long otherwise, long most) {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Refusal.field(name, "must be a whole number from 0 to " + most, text);
    }
}
