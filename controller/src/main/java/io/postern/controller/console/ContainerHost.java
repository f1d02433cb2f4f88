package io.postern.controller.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postern.fabric.policy.RoleSet;
import io.postern.fabric.policy.Semantic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A service with a {@code containers.v1} config, whose schema the data has passed.
 *
 * @param name the service's name, which is the host's
 */
record ContainerHost(String id, String name, Map<String, Object> data) {
    /** Whom the rights are of. */
    record Who(String identityId, String name, Collection<String> roleAttributes) {}

    /**
     * What one identity may do on a host: grants in the config's words, without those of others.
     *
     * @param limits the config's object, empty when it has none; likewise {@code recording}
     */
    record Granted(
            String id, String name, List<Grant> grants, Map<String, Object> limits, Map<String, Object> recording) {}

    /** Null is any. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Grant(
            List<String> actions,
            @Nullable Map<String, Object> containers,
            @Nullable List<String> users) {}

    Granted of(Who who) {
        List<Grant> grants = new ArrayList<>();
        objects(data.get("grants"))
                .filter(grant -> isMeant(texts(grant.get("identityRoles")), who))
                .forEach(grant -> grants.add(new Grant(
                        texts(grant.get("actions")),
                        grant.get("containers") instanceof Map<?, ?> ? object(grant.get("containers")) : null,
                        grant.containsKey("users") ? texts(grant.get("users")) : null)));
        return new Granted(id, name, grants, object(data.get("limits")), object(data.get("recording")));
    }

    /** The roles of policies; and since people write configs by hand, {@code @} goes before a name, too. */
    private static boolean isMeant(List<String> roles, Who who) {
        RoleSet set = RoleSet.parse(roles, Semantic.AnyOf);
        return set.matches(who.identityId(), who.roleAttributes()) || set.ids().contains(who.name());
    }

    private static Stream<Map<String, Object>> objects(@Nullable Object list) {
        return list instanceof List<?> all ? all.stream().map(ContainerHost::object) : Stream.of();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
    }
}
