package io.postern.wsproxy.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.HostName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rights as grants of {@code containers.v1} give them. What cannot be understood grants nothing. */
final class GrantedRights implements Rights {
    private static final HostRules NO_RULES = new HostRules(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    /**
     * One grant.
     *
     * @param names patterns; empty is any, likewise {@code images}, {@code labels} and {@code users}
     */
    private record Grant(
            Set<String> actions,
            Optional<List<String>> names,
            Optional<List<String>> images,
            Map<String, String> labels,
            Optional<List<String>> users) {
        boolean covers(Action action, ContainerFacts container) {
            return actions.contains(action.word())
                    && fits(names, container.name())
                    && images.map(patterns -> patterns.stream()
                                    .anyMatch(pattern -> Glob.matches(pattern, container.image())
                                            || Glob.matches(pattern, tagged(container.image()))))
                            .orElse(true)
                    && labels.entrySet().stream().allMatch(label -> {
                        String value = container.labels().get(label.getKey());
                        return value != null && Glob.matches(label.getValue(), value);
                    });
        }
    }

    private record Host(List<Grant> grants, HostRules rules) {}

    private final Map<HostName, Host> hosts;

    private GrantedRights(Map<HostName, Host> hosts) {
        this.hosts = Map.copyOf(hosts);
    }

    /** @param hosts by name, in the controller's words */
    static GrantedRights of(Map<String, JsonNode> hosts) {
        Map<HostName, Host> read = new HashMap<>();
        hosts.forEach((name, host) -> {
            List<Grant> grants = new ArrayList<>();
            host.path("grants").forEach(grant -> grants.add(grant(grant)));
            read.put(new HostName(name), new Host(List.copyOf(grants), rules(host)));
        });
        return new GrantedRights(read);
    }

    private static Grant grant(JsonNode grant) {
        JsonNode containers = grant.path("containers");
        Map<String, String> labels = new HashMap<>();
        containers
                .path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new Grant(
                Set.copyOf(new LinkedHashSet<>(texts(grant.path("actions")).orElse(List.of()))),
                texts(containers.path("names")),
                texts(containers.path("images")),
                labels,
                texts(grant.path("users")));
    }

    private static HostRules rules(JsonNode host) {
        JsonNode limits = host.path("limits");
        JsonNode recording = host.path("recording");
        return new HostRules(
                number(limits, "sessionsPerUser"),
                number(limits, "sessionsPerContainer"),
                number(limits, "idleSeconds").map(Duration::ofSeconds),
                number(limits, "maxSeconds").map(Duration::ofSeconds),
                Optional.ofNullable(
                        switch (recording.path("mode").asText()) {
                            case "off" -> Recording.OFF;
                            case "on" -> Recording.ON;
                            case "required" -> Recording.REQUIRED;
                            default -> null;
                        }),
                recording.path("input").asBoolean(false));
    }

    private static Optional<Integer> number(JsonNode object, String name) {
        return object.path(name).canConvertToInt()
                ? Optional.of(object.path(name).asInt())
                : Optional.empty();
    }

    private static Optional<List<String>> texts(JsonNode array) {
        if (array.isMissingNode() || array.isNull()) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>();
        array.forEach(each -> all.add(each.asText()));
        return Optional.of(List.copyOf(all));
    }

    private static boolean fits(Optional<List<String>> patterns, String text) {
        return patterns.map(all -> all.stream().anyMatch(pattern -> Glob.matches(pattern, text)))
                .orElse(true);
    }

    /** {@code busybox} is {@code busybox:latest}, to whoever grants {@code busybox:*}. */
    private static String tagged(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        return last.contains(":") || image.contains("@") ? image : image + ":latest";
    }

    @Override
    public Set<HostName> hosts() {
        Set<HostName> granted = new LinkedHashSet<>();
        hosts.forEach((name, host) -> {
            if (!host.grants().isEmpty()) {
                granted.add(name);
            }
        });
        return granted;
    }

    @Override
    public boolean permits(Action action, ContainerFacts container) {
        return grants(container).stream().anyMatch(grant -> grant.covers(action, container));
    }

    @Override
    public boolean permitsUser(String user, ContainerFacts container) {
        return grants(container).stream()
                .anyMatch(grant -> grant.covers(Action.EXEC_AS_USER, container) && fits(grant.users(), user));
    }

    @Override
    public HostRules rules(HostName host) {
        Host known = hosts.get(host);
        return known == null ? NO_RULES : known.rules();
    }

    private List<Grant> grants(ContainerFacts container) {
        Host host = hosts.get(container.host());
        return host == null ? List.of() : host.grants();
    }
}
