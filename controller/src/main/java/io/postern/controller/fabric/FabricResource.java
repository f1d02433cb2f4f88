package io.postern.controller.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.api.Envelope;
import io.postern.api.ErrorCode;
import io.postern.api.ListEnvelope;
import io.postern.api.Refusal;
import io.postern.api.filter.ListQuery;
import io.postern.controller.access.Caller;
import io.postern.controller.circuit.Circuits;
import io.postern.controller.circuit.LiveCircuit;
import io.postern.controller.kernel.Drafts;
import io.postern.controller.kernel.JsonBody;
import io.postern.controller.kernel.ListParameters;
import io.postern.controller.link.Links;
import io.postern.controller.network.NetworkLoop;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** The fabric API: the live network, for administrators. */
@Path("/fabric/v1")
@Produces(MediaType.APPLICATION_JSON)
public class FabricResource {
    private final NetworkLoop loop;
    private final Network network;
    private final Circuits circuits;
    private final Links links;
    private final Caller caller;
    private final Drafts drafts;
    private final ObjectMapper json;

    FabricResource(
            NetworkLoop loop,
            Network network,
            Circuits circuits,
            Links links,
            Caller caller,
            Drafts drafts,
            ObjectMapper json) {
        this.loop = loop;
        this.network = network;
        this.circuits = circuits;
        this.links = links;
        this.caller = caller;
        this.drafts = drafts;
        this.json = json;
    }

    /** What may be changed of a link; absent fields stay. */
    @Valid
    public record LinkPatch(
            @Min(0) @Nullable Integer staticCost, @Nullable Boolean down) {}

    @GET
    @Path("routers")
    public Uni<ListEnvelope<JsonNode>> routers(@BeanParam ListParameters list) {
        return list(network::routers, list);
    }

    @GET
    @Path("routers/{id}")
    public Uni<Envelope<JsonNode>> router(@RestPath String id) {
        return one(network::routers, "router", id);
    }

    @GET
    @Path("links")
    public Uni<ListEnvelope<JsonNode>> links(@BeanParam ListParameters list) {
        return list(network::links, list);
    }

    @GET
    @Path("links/{id}")
    public Uni<Envelope<JsonNode>> link(@RestPath String id) {
        return one(network::links, "link", id);
    }

    @PATCH
    @Path("links/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Envelope<Map<String, Object>>> configure(@RestPath String id, JsonBody body) {
        LinkPatch patch = drafts.read(body, LinkPatch.class);
        return write(() -> links.configure(id, patch.staticCost(), patch.down()), "link", id);
    }

    @DELETE
    @Path("links/{id}")
    public Uni<Envelope<Map<String, Object>>> removeLink(@RestPath String id) {
        return write(() -> links.remove(id), "link", id);
    }

    @GET
    @Path("circuits")
    public Uni<ListEnvelope<JsonNode>> circuits(@BeanParam ListParameters list) {
        requireAdmin();
        return everyCircuit().flatMap(all -> list(() -> network.circuits(all), list));
    }

    @GET
    @Path("circuits/{id}")
    public Uni<Envelope<JsonNode>> circuit(@RestPath String id) {
        requireAdmin();
        return everyCircuit().flatMap(all -> one(() -> network.circuits(all), "circuit", id));
    }

    /** The body, which stock tools send, says whether to end it at once; it always is. */
    @DELETE
    @Path("circuits/{id}")
    @Consumes(MediaType.WILDCARD)
    public Uni<Envelope<Map<String, Object>>> endCircuit(@RestPath String id) {
        requireAdmin();
        return done(
                loop.ask(() -> circuits.endAnywhere(id, "an administrator ended it"))
                        .thenCompose(ended -> ended),
                "circuit",
                id);
    }

    @GET
    @Path("terminators")
    public Uni<ListEnvelope<JsonNode>> terminators(@BeanParam ListParameters list) {
        return list(network::terminators, list);
    }

    @GET
    @Path("terminators/{id}")
    public Uni<Envelope<JsonNode>> terminator(@RestPath String id) {
        return one(network::terminators, "terminator", id);
    }

    @GET
    @Path("services")
    public Uni<ListEnvelope<JsonNode>> services(@BeanParam ListParameters list) {
        return list(network::services, list);
    }

    @GET
    @Path("services/{id}")
    public Uni<Envelope<JsonNode>> service(@RestPath String id) {
        return one(network::services, "service", id);
    }

    private Uni<Collection<LiveCircuit>> everyCircuit() {
        return Uni.createFrom().completionStage(loop.ask(circuits::everywhere).thenCompose(all -> all));
    }

    private <V> Uni<ListEnvelope<JsonNode>> list(Supplier<List<V>> views, ListParameters parameters) {
        requireAdmin();
        ListQuery query = parameters.query();
        return Uni.createFrom().completionStage(loop.ask(views)).map(all -> {
            List<JsonNode> admitted = all.stream()
                    .map(view -> (JsonNode) json.valueToTree(view))
                    .filter(view -> ViewFilter.admits(query.filter(), view))
                    .toList();
            List<JsonNode> page = admitted.stream()
                    .skip(query.paging().offset())
                    .limit(query.paging().limit())
                    .toList();
            return ListEnvelope.of(page, query.paging(), admitted.size(), null);
        });
    }

    private <V> Uni<Envelope<JsonNode>> one(Supplier<List<V>> views, String kind, String id) {
        requireAdmin();
        return Uni.createFrom()
                .completionStage(loop.ask(views))
                .map(all -> all.stream()
                        .map(view -> (JsonNode) json.valueToTree(view))
                        .filter(view -> view.path("id").asText().equals(id))
                        .findFirst()
                        .map(Envelope::of)
                        .orElseThrow(() -> Refusal.notFound(kind, id)));
    }

    private Uni<Envelope<Map<String, Object>>> write(Supplier<Boolean> change, String kind, String id) {
        requireAdmin();
        return done(loop.ask(change), kind, id);
    }

    private static Uni<Envelope<Map<String, Object>>> done(CompletionStage<Boolean> change, String kind, String id) {
        return Uni.createFrom().completionStage(change).map(known -> {
            if (!known) {
                throw Refusal.notFound(kind, id);
            }
            return Envelope.empty();
        });
    }

    private void requireAdmin() {
        if (!caller.isKnown() || !caller.isAdmin()) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED);
        }
    }
}
