package io.postern.controller.access;

import java.util.List;

/** What is answered without an API Session: the list that everybody can see. Everything else needs one. */
final class OpenPaths {
    private static final List<String> APIS = List.of("/edge/client/v1/", "/edge/management/v1/");
    private static final List<String> EXACT =
            List.of("version", "external-jwt-signers", "network-jwts", "enroll", "authenticate");
    private static final List<String> BELOW = List.of("enroll/", "authenticate/", ".well-known/");
    private static final List<String> ELSEWHERE = List.of("/oidc/", "/health-checks/", "/q/");

    private OpenPaths() {}

    static boolean isOpen(String path) {
        for (String api : APIS) {
            if (path.startsWith(api)) {
                String resource = path.substring(api.length());
                return EXACT.contains(resource) || BELOW.stream().anyMatch(resource::startsWith);
            }
        }
        return ELSEWHERE.stream().anyMatch(path::startsWith);
    }
}
