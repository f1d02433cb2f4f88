package io.postern.controller.client;

import io.postern.api.Envelope;
import io.postern.controller.boot.PosternConfig;
import io.postern.controller.enrollment.LeafSigner;
import io.postern.controller.front.Self;
import io.postern.controller.pki.Advertised;
import io.postern.controller.pki.Pki;
import io.postern.wire.Release;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What anybody may know of the network before authenticating. */
@Path("/edge/client/v1")
@Produces(MediaType.APPLICATION_JSON)
public class NetworkResource {
    private final Advertised advertised;
    private final Pki pki;
    private final LeafSigner signer;
    private final PosternConfig config;

    NetworkResource(Advertised advertised, Pki pki, LeafSigner signer, PosternConfig config) {
        this.advertised = advertised;
        this.pki = pki;
        this.signer = signer;
        this.config = config;
    }

    /** @param capabilities switch whole protocol paths of stock clients; unknown words break some (SDK sheet 0, row 1) */
    public record VersionView(
            String version,
            String revision,
            String buildDate,
            String runtimeVersion,
            Map<String, Map<String, ApiVersion>> apiVersions,
            List<String> capabilities) {}

    /** Where one version of an API is. */
    public record ApiVersion(String path, List<String> apiBaseUrls) {}

    /** A token that says whose network this is. */
    public record NetworkJwt(String name, String token) {}

    @GET
    @Path("version")
    public Envelope<VersionView> version() {
        var apis = new LinkedHashMap<String, Map<String, ApiVersion>>();
        apis.put("edge", at("/edge/client/v1"));
        apis.put("edge-client", at("/edge/client/v1"));
        apis.put("edge-management", at("/edge/management/v1"));
        if (config.oidc().enabled()) {
            apis.put("edge-oidc", at("/oidc"));
        }
        apis.put("fabric", Map.of("v1", new ApiVersion("/fabric/v1", List.of(advertised.url()))));
        return Envelope.of(new VersionView(
                Self.VERSION,
                Release.revision(),
                Release.DATE + " 00:00:00",
                "java" + Runtime.version().feature(),
                apis,
                config.oidc().enabled() ? List.of("OIDC_AUTH") : List.of()));
    }

    private Map<String, ApiVersion> at(String path) {
        return Map.of("v1", new ApiVersion(path, List.of(advertised.url() + path)));
    }

    @GET
    @Path(".well-known/est/cacerts")
    @Produces("application/pkcs7-mime")
    public Response cacerts() {
        return Response.ok(pki.cacerts(), "application/pkcs7-mime")
                .header("Content-Transfer-Encoding", "base64")
                .build();
    }

    @GET
    @Path("network-jwts")
    public Envelope<List<NetworkJwt>> networkJwts() {
        return Envelope.of(List.of(new NetworkJwt("default", signer.network())));
    }
}
