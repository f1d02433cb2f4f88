package io.postern.cli.tunnel;

import io.postern.client.Service;
import io.postern.client.hosting.HostConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be done so that exactly what may be hosted is.
 *
 * @param close what is hosted and must not be, or with another config than now
 * @param open what is to be hosted and is not yet
 * @param unreadable services with a config that cannot be understood, and why
 */
record HostPlan(List<Key> close, List<Open> open, Map<String, String> unreadable) {
    /**
     * A service with one way to host it.
     *
     * @param id a service that was deleted and made again under its name is another one
     */
    record Key(String id, String service, String config) {}

    /** A service to be hosted. */
    record Open(Key key, HostConfig config) {}

    static HostPlan of(List<Service> services, Set<Key> hosted) {
        Map<Key, HostConfig> wanted = new LinkedHashMap<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (Service service : services) {
            if (service.permissions().contains("Bind")) {
                try {
                    for (HostConfig config : HostConfig.of(configs(service))) {
                        wanted.put(new Key(service.id(), service.name(), config.text()), config);
                    }
                } catch (IOException e) {
                    unreadable.put(service.name(), "its host config cannot be read");
                }
            }
        }
        List<Open> open = new ArrayList<>();
        wanted.forEach((key, config) -> {
            if (!hosted.contains(key)) {
                open.add(new Open(key, config));
            }
        });
        List<Key> close =
                hosted.stream().filter(key -> !wanted.containsKey(key)).toList();
        return new HostPlan(close, open, unreadable);
    }

    private static Map<String, String> configs(Service service) {
        Map<String, String> all = new HashMap<>();
        service.config()
                .fields()
                .forEachRemaining(each -> all.put(each.getKey(), each.getValue().toString()));
        return all;
    }
}
