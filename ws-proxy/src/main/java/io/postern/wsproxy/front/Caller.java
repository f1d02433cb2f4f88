package io.postern.wsproxy.front;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from and which address it was sent to, as far as that can be believed.
 *
 * @param address of the client
 * @param scheme {@code https} or {@code http}
 * @param host as in the Host header; empty when there is none
 */
record Caller(String address, String scheme, String host) {
    static Caller of(HttpServerRequest request, Networks trusted) {
        String peer = request.remoteAddress() == null
                ? ""
                : String.valueOf(request.remoteAddress().hostAddress());
        String scheme = request.isSSL() ? "https" : "http";
        String host = request.authority() == null ? "" : request.authority().toString();
        if (!trusted.contain(peer)) {
            return new Caller(peer, scheme, host);
        }
        return new Caller(
                last(request.getHeader("X-Forwarded-For")).orElse(peer),
                last(request.getHeader("X-Forwarded-Proto"))
                        .filter(word -> word.equals("https") || word.equals("http"))
                        .orElse(scheme),
                last(request.getHeader("X-Forwarded-Host")).orElse(host));
    }

    /** What the nearest proxy added; what stands before it may be the client's own words. */
    private static Optional<String> last(@Nullable String header) {
        if (header == null || header.isBlank() || header.length() > 1000) {
            return Optional.empty();
        }
        return Optional.of(header.substring(header.lastIndexOf(',') + 1).strip());
    }

    String origin() {
        return scheme + "://" + host;
    }
}
