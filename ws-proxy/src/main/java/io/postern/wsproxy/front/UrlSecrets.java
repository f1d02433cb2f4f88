package io.postern.wsproxy.front;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds credentials that do not belong into an address, where logs and histories keep them. */
final class UrlSecrets {
    private static final Set<String> NAMES =
            Set.of("access_token", "authorization", "bearer", "jwt", "id_token", "zt-session", "password");
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{4,}\\.[\\w-]+\\.[\\w-]*");

    private UrlSecrets() {}

    static boolean in(String path, Iterable<Map.Entry<String, String>> query) {
        for (Map.Entry<String, String> entry : query) {
            if (NAMES.contains(entry.getKey().toLowerCase(Locale.ROOT))
                    || JWT.matcher(entry.getValue()).find()) {
                return true;
            }
        }
        return JWT.matcher(path).find();
    }

    /** Names of parameters only, for words about a request. */
    static List<String> names(Iterable<Map.Entry<String, String>> query) {
        return java.util.stream.StreamSupport.stream(query.spliterator(), false)
                .map(Map.Entry::getKey)
                .toList();
    }
}
