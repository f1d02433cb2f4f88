package io.postern.controller.relation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.postern.api.Envelope;
import io.postern.api.Link;
import io.postern.api.ListEnvelope;
import io.postern.api.Paging;
import io.postern.api.Refusal;
import io.postern.api.filter.Filter;
import io.postern.api.filter.FilterParser;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one authentication policy there is, which every identity has: certificate and password. The stock command line tool
 * looks it up before it creates an identity.
 */
@Path("/edge/management/v1/auth-policies")
@Produces(MediaType.APPLICATION_JSON)
public class AuthPolicyResource {
    private static final String ID = "default";
    private static final String NAME = "Default";

    public record AuthPolicy(
            String id,
            String name,
            Instant createdAt,
            Instant updatedAt,
            Map<String, Object> tags,
            @JsonProperty("_links") Map<String, Link> links,
            Map<String, Object> primary,
            Map<String, Object> secondary) {}

    private static final AuthPolicy DEFAULT = new AuthPolicy(
            ID,
            NAME,
            Instant.EPOCH,
            Instant.EPOCH,
            Map.of(),
            Link.self("auth-policies", ID),
            Map.of(
                    "cert", Map.of("allowed", true, "allowExpiredCerts", true),
                    "extJwt", Map.of("allowed", false, "allowedSigners", List.of()),
                    "updb",
                            Map.of(
                                    "allowed", true,
                                    "lockoutDurationMinutes", 0,
                                    "maxAttempts", 0,
                                    "minPasswordLength", 5,
                                    "requireMixedCase", false,
                                    "requireNumberChar", false,
                                    "requireSpecialChar", false)),
            Map.of("requireTotp", false));

    @GET
    public ListEnvelope<AuthPolicy> list(@QueryParam("filter") @Nullable String filter) {
        boolean fits = filter == null
                || filter.isBlank()
                || fits(FilterParser.parse(filter).filter());
        return ListEnvelope.of(fits ? List.of(DEFAULT) : List.of(), Paging.FIRST, fits ? 1 : 0, List.of("id", "name"));
    }

    @GET
    @Path("{id}")
    public Envelope<AuthPolicy> detail(@PathParam("id") String id) {
        if (!id.equals(ID)) {
            throw Refusal.notFound("authPolicy", id);
        }
        return Envelope.of(DEFAULT);
    }

    /** Of one known row only its id and name are told apart; what asks for other fields gets the row. */
    private static boolean fits(Filter filter) {
        return switch (filter) {
            case Filter.Constant constant -> constant.value();
            case Filter.And and -> fits(and.left()) && fits(and.right());
            case Filter.Or or -> fits(or.left()) || fits(or.right());
            case Filter.Not not -> !fits(not.inner());
            case Filter.Compare compare -> fits(compare);
            case Filter.In in ->
                in.values().stream().anyMatch(value -> is(in.subject().symbol(), value));
            case Filter.Truth truth -> true;
            case Filter.Between between -> true;
            case Filter.Empty empty -> true;
        };
    }

    private static boolean fits(Filter.Compare compare) {
        boolean same = is(compare.subject().symbol(), compare.value());
        return switch (compare.op()) {
            case EQ -> same;
            case NE -> !same;
            default -> true;
        };
    }

    private static boolean is(String symbol, Filter.Literal value) {
        @Nullable
        String own = switch (symbol) {
            case "id" -> ID;
            case "name" -> NAME;
            default -> null;
        };
        return own == null
                || value instanceof Filter.Literal.Text text && text.value().equals(own);
    }
}
