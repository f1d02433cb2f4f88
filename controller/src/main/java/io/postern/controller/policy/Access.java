package io.postern.controller.policy;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** What the policies allow. Every answer is read from the database as it stands. */
public interface Access {
    /** Whether a service policy of type Dial covers both. A disabled identity may nothing. */
    Uni<Boolean> mayDial(String identityId, String serviceId);

    /** Whether a service policy of type Bind covers both. */
    Uni<Boolean> mayBind(String identityId, String serviceId);

    /** Ids of the enabled edge routers that an edge router policy gives the identity. */
    Uni<List<String>> routersOfIdentity(String identityId);

    /** Ids of the edge routers that a service edge router policy gives the service. */
    Uni<List<String>> routersOfService(String serviceId);

    /** Ids of the enabled edge routers usable by this identity for this service. */
    Uni<List<String>> routersFor(String identityId, String serviceId);

    /** Services that the identity may dial or bind, with its permissions. */
    Uni<List<Permitted>> services(String identityId);

    /** Says in a sentence which policy is missing, for a refusal; empty when nothing is. */
    Uni<String> missing(String identityId, String serviceId, String permission);

    record Permitted(String serviceId, boolean dial, boolean bind) {}
}
