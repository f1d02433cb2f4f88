package io.postern.controller.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postern.api.Link;
import io.postern.controller.client.Grants.UsableRouter;
import io.postern.controller.kernel.Base;
import io.postern.controller.presence.RouterPresence;
import io.postern.controller.presence.RouterPresence.Presence;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Edge routers as clients see them, with the addresses that they listen on. */
@Singleton
public class EdgeRouterViews {
    private static final Presence OFFLINE = new Presence("", Map.of(), "SYNC_UNKNOWN", List.of(), null);

    private final RouterPresence presence;

    EdgeRouterViews(RouterPresence presence) {
        this.presence = presence;
    }

    /** @param urls the same as {@code supportedProtocols}, in Sessions only */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EdgeRouterView(
            @JsonUnwrapped @Nullable Base base,
            String name,
            String hostname,
            @JsonProperty("isOnline") boolean isOnline,
            Map<String, String> supportedProtocols,
            @Nullable Map<String, String> urls,
            String syncStatus,
            int cost,
            boolean noTraversal,
            boolean disabled,
            List<String> capabilities,
            Map<String, Object> appData,
            @Nullable String version) {}

    /** Enough to dial: for Sessions with {@code urls}, for a service's routers without. */
    List<EdgeRouterView> online(List<UsableRouter> routers, boolean withUrls) {
        return routers.stream()
                .flatMap(router -> presence.of(router.id()).stream()
                        .filter(found -> !found.supportedProtocols().isEmpty())
                        .map(found -> view(router, found, withUrls, false)))
                .toList();
    }

    /** Where nothing can be dialed now: by name, without an address. */
    List<EdgeRouterView> offline(List<UsableRouter> routers) {
        return routers.stream()
                .map(router -> view(router, OFFLINE, true, false))
                .toList();
    }

    /**
     * As entities, for the list of the caller's own edge routers, those without an address that are away: a C client closes for
     * good what it had bound at a router that the list lacks, and keeps it where only the address is missing.
     */
    List<EdgeRouterView> entities(List<UsableRouter> routers) {
        return routers.stream()
                .map(router -> view(router, presence.of(router.id()).orElse(OFFLINE), false, true))
                .toList();
    }

    private static EdgeRouterView view(UsableRouter router, Presence found, boolean withUrls, boolean isEntity) {
        Map<String, String> protocols = urls(found.supportedProtocols());
        Base base = isEntity
                ? new Base(
                        router.id(),
                        router.createdAt(),
                        router.updatedAt(),
                        router.tags(),
                        Link.self("edge-routers", router.id()))
                : null;
        return new EdgeRouterView(
                base,
                router.name(),
                found.hostname(),
                found != OFFLINE,
                protocols,
                withUrls ? protocols : null,
                found.syncStatus(),
                router.cost(),
                router.noTraversal(),
                router.disabled(),
                found.capabilities(),
                router.appData(),
                Optional.ofNullable(found.version())
                        .map(RouterPresence.Version::version)
                        .orElse(null));
    }

    /** Clients want {@code tls://host:port}; routers may say {@code tls:host:port}. */
    private static Map<String, String> urls(Map<String, String> protocols) {
        var urls = new LinkedHashMap<String, String>();
        protocols.forEach((scheme, address) -> urls.put(
                scheme, address.contains("://") ? address : address.replaceFirst("^" + scheme + ":", scheme + "://")));
        return urls;
    }
}
