package io.postern.router.tunnel;

import io.postern.router.config.InvalidConfig;
import io.postern.router.config.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operator wants of the tunneler: options of the listener with binding {@code tunnel}. Fabric sheet 6.1.
 *
 * @param proxies services to listen for, beside those with a proxy.v1 config; only in mode proxy
 */
public record TunnelSettings(Mode mode, List<Proxy> proxies) {
    public enum Mode {
        /** Hosts services, and listens for none. */
        HOST,
        /** Hosts services and listens on ports for others. */
        PROXY
    }

    /** @param port 0 for any free one */
    public record Proxy(String service, int port) {}

    /** @throws InvalidConfig a sentence that names the key */
    public static TunnelSettings read(Section options) {
        String mode = options.text("mode").orElse("host");
        return switch (mode) {
            case "host" -> new TunnelSettings(Mode.HOST, List.of());
            case "proxy" -> new TunnelSettings(Mode.PROXY, proxies(options));
            default ->
                throw new InvalidConfig(options.path() + ".mode must be host or proxy, not " + mode
                        + ": transparent interception is not offered");
        };
    }

    private static List<Proxy> proxies(Section options) {
        List<Proxy> all = new ArrayList<>();
        for (String text : options.texts("services")) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (colon > 0 && port >= 0 && port <= 65_535) {
                    all.add(new Proxy(text.substring(0, colon), port));
                    continue;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new InvalidConfig(options.path() + ".services must be a list of name:port, not " + text);
        }
        return all;
    }
}
