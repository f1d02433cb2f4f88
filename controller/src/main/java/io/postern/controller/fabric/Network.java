package io.postern.controller.fabric;

import io.postern.api.EntityRef;
import io.postern.api.Link;
import io.postern.controller.channel.Connections;
import io.postern.controller.channel.RouterConnection;
import io.postern.controller.circuit.LiveCircuit;
import io.postern.controller.fabric.FabricViews.CircuitView;
import io.postern.controller.fabric.FabricViews.ConnectionView;
import io.postern.controller.fabric.FabricViews.LinkView;
import io.postern.controller.fabric.FabricViews.ListenerView;
import io.postern.controller.fabric.FabricViews.PathView;
import io.postern.controller.fabric.FabricViews.RouterView;
import io.postern.controller.fabric.FabricViews.ServiceView;
import io.postern.controller.fabric.FabricViews.TerminatorView;
import io.postern.controller.hosting.LiveTerminator;
import io.postern.controller.hosting.Terminators;
import io.postern.controller.link.KnownLink;
import io.postern.controller.link.Links;
import io.postern.controller.model.Entry;
import io.postern.controller.model.ModelFeed;
import io.postern.controller.presence.RouterPresence;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes the views, from what is in memory. On the network loop. */
@Singleton
class Network {
    private static final List<String> SUBLISTS = List.of("terminators");

    private final ModelFeed feed;
    private final Connections connections;
    private final Links links;
    private final Terminators terminators;

    Network(ModelFeed feed, Connections connections, Links links, Terminators terminators) {
        this.feed = feed;
        this.connections = connections;
        this.links = links;
        this.terminators = terminators;
    }

    List<LinkView> links() {
        return links.all().stream().map(this::view).toList();
    }

    List<CircuitView> circuits(Collection<LiveCircuit> all) {
        return all.stream().map(this::view).toList();
    }

    List<RouterView> routers() {
        return feed.model().all(Entry.Router.class).stream().map(this::view).toList();
    }

    List<TerminatorView> terminators() {
        return terminators.all().stream().map(this::view).toList();
    }

    List<ServiceView> services() {
        return feed.model().all(Entry.Service.class).stream().map(Network::view).toList();
    }

    private EntityRef router(String id) {
        return FabricViews.ref(
                "routers",
                id,
                feed.model()
                        .find(Entry.Router.class, id)
                        .map(Entry.Router::name)
                        .orElse(id));
    }

    private EntityRef service(String id) {
        return FabricViews.ref(
                "services",
                id,
                feed.model()
                        .find(Entry.Service.class, id)
                        .map(Entry.Service::name)
                        .orElse(id));
    }

    private LinkView view(KnownLink link) {
        return new LinkView(
                link.linkId(),
                router(link.source()),
                router(link.destination()),
                link.protocol(),
                link.up() ? "Connected" : "Failed",
                link.down(),
                link.staticCost(),
                link.cost(),
                link.latency().source(),
                link.latency().destination(),
                link.iteration(),
                link.connections().stream()
                        .map(each -> new ConnectionView(each.getType(), each.getLocalAddr(), each.getRemoteAddr()))
                        .toList());
    }

    private CircuitView view(LiveCircuit circuit) {
        return new CircuitView(
                circuit.circuitId(),
                circuit.createdAt(),
                Link.self("circuits", circuit.circuitId()),
                Map.of("clientId", circuit.identityId(), "serviceId", circuit.serviceId()),
                circuit.identityId(),
                service(circuit.serviceId()),
                EntityRef.of("terminators", circuit.terminatorId(), circuit.terminatorId()),
                new PathView(
                        circuit.path().routers().stream().map(this::router).toList(),
                        circuit.path().links().stream()
                                .map(id -> EntityRef.of("links", id, id))
                                .toList()),
                circuit.path().cost());
    }

    private RouterView view(Entry.Router router) {
        return new RouterView(
                router.id(),
                Link.selfAnd("routers", router.id(), SUBLISTS),
                Map.of(),
                router.name(),
                router.fingerprint(),
                connections.with(router.id()).isPresent() || connections.isElsewhere(router.id()),
                router.disabled(),
                router.cost(),
                router.noTraversal(),
                router.configs(),
                connections.with(router.id()).stream()
                        .flatMap(Network::listeners)
                        .toList(),
                connections
                        .of(router.id())
                        .map(RouterPresence.Presence::version)
                        .orElse(null));
    }

    private static java.util.stream.Stream<ListenerView> listeners(RouterConnection connection) {
        return connection.linkListeners().stream().map(each -> new ListenerView(each.getAddress(), each.getProtocol()));
    }

    private TerminatorView view(LiveTerminator terminator) {
        return new TerminatorView(
                terminator.terminatorId(),
                Link.self("terminators", terminator.terminatorId()),
                Map.of(),
                service(terminator.serviceId()),
                terminator.serviceId(),
                router(terminator.routerId()),
                terminator.routerId(),
                terminator.binding(),
                terminator.address(),
                terminator.instanceId(),
                terminator.hostId(),
                terminator.cost(),
                terminator.costs().dynamic(),
                terminator.precedence().word());
    }

    private static ServiceView view(Entry.Service service) {
        return new ServiceView(
                service.id(),
                Link.selfAnd("services", service.id(), SUBLISTS),
                Map.of(),
                service.name(),
                service.terminatorStrategy(),
                service.maxIdleMillis());
    }
}
