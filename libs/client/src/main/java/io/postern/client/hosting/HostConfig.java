package io.postern.client.hosting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.wire.RouteError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way to host a service: a host.v1 config, an element of host.v2, or the legacy server config. A unix socket is
 * written as address {@code unix:/path} with any protocol, or as protocol {@code unix} with the path as address; its port
 * means nothing. Fabric sheet 6.2.
 *
 * @param text the config as read; two are the same when their texts are
 */
public record HostConfig(String text, JsonNode root) {
    /** Where the config says none. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TAG = Pattern.compile("\\$tunneler_id\\.(?:tag|appData)\\[([^]]+)]");
    private static final Pattern TIME = Pattern.compile("([0-9]+)(ms|s|m|h)");
    private static final String UNIX = "unix:";

    /** Where to dial, or why not. */
    public sealed interface Resolution {
        record Dial(Target target) implements Resolution {}

        record Refuse(RouteError code, String why) implements Resolution {}
    }

    /** All ways to host a service with these configs, type name to JSON; an unreadable one hosts nothing. */
    public static List<HostConfig> of(Map<String, String> configs) throws IOException {
        List<HostConfig> all = new ArrayList<>();
        if (configs.containsKey("host.v2")) {
            for (JsonNode terminator : JSON.readTree(configs.get("host.v2")).path("terminators")) {
                all.add(new HostConfig(terminator.toString(), terminator));
            }
            return all;
        }
        for (String type : List.of("host.v1", "ziti-tunneler-server.v1")) {
            if (configs.containsKey(type)) {
                JsonNode root = JSON.readTree(configs.get(type));
                if (!root.has("address") && root.has("hostname")) {
                    ((com.fasterxml.jackson.databind.node.ObjectNode) root).set("address", root.get("hostname"));
                }
                return List.of(new HostConfig(root.toString(), root));
            }
        }
        return all;
    }

    /**
     * Which target a dial is for. Only tcp and unix are hosted; what the config lets a dialer choose is held against its lists.
     */
    public Resolution resolve(AppData data) {
        boolean forwardProtocol = root.path("forwardProtocol").asBoolean();
        String protocol =
                forwardProtocol ? data.protocol() : root.path("protocol").asText("tcp");
        if (forwardProtocol && !texts("allowedProtocols").contains(protocol)) {
            return new Resolution.Refuse(RouteError.REJECTED_BY_APPLICATION, "protocol is not allowed: " + protocol);
        }
        String address = root.path("address").asText("");
        if (address.startsWith(UNIX) || protocol.equals("unix")) {
            return unix(address);
        }
        if (!protocol.equals("tcp")) {
            return new Resolution.Refuse(
                    RouteError.MISCONFIGURED_TERMINATOR, "protocol is not hosted here: " + protocol);
        }
        if (root.path("forwardAddress").asBoolean()) {
            if (!AddressFilter.allows(texts("allowedAddresses"), data)) {
                return new Resolution.Refuse(RouteError.REJECTED_BY_APPLICATION, "address is not allowed");
            }
            address = data.host().isEmpty() ? data.ip() : data.host();
        }
        return tcp(address, data);
    }

    private Resolution tcp(String address, AppData data) {
        int port = root.path("port").asInt(0);
        if (root.path("forwardPort").asBoolean()) {
            port = data.port();
            if (!portAllowed(port)) {
                return new Resolution.Refuse(RouteError.PORT_NOT_ALLOWED, "port is not allowed: " + port);
            }
        }
        if (address.isEmpty() || port < 1 || port > 65_535) {
            return new Resolution.Refuse(RouteError.MISCONFIGURED_TERMINATOR, "the config names no address and port");
        }
        return new Resolution.Dial(new Target.Tcp(address, port));
    }

    private static Resolution unix(String address) {
        String path = address.startsWith(UNIX) ? address.substring(UNIX.length()) : address;
        path = path.startsWith("//") ? path.substring(2) : path;
        return path.startsWith("/")
                ? new Resolution.Dial(new Target.Unix(path))
                : new Resolution.Refuse(RouteError.MISCONFIGURED_TERMINATOR, "a unix socket needs an absolute path");
    }

    private boolean portAllowed(int port) {
        for (JsonNode range : root.path("allowedPortRanges")) {
            if (port >= range.path("low").asInt()
                    && port <= range.path("high").asInt(range.path("low").asInt())) {
                return true;
            }
        }
        return false;
    }

    private List<String> texts(String key) {
        List<String> all = new ArrayList<>();
        root.path(key).forEach(value -> all.add(value.asText()));
        return all;
    }

    /** For connecting to the target; above zero. */
    public Duration connectTimeout() {
        JsonNode options = root.path("listenOptions");
        Matcher time = TIME.matcher(options.path("connectTimeout").asText(""));
        Duration sum = Duration.ZERO;
        while (time.find()) {
            long amount = Long.parseLong(time.group(1));
            sum = sum.plus(
                    switch (time.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        default -> Duration.ofHours(amount);
                    });
        }
        if (sum.isPositive()) {
            return sum;
        }
        int seconds = options.path("connectTimeoutSeconds").asInt(0);
        return seconds > 0 ? Duration.ofSeconds(seconds) : CONNECT_TIMEOUT;
    }

    /** 0 to 65535, what is beyond is cut. */
    public int cost() {
        return Math.clamp(root.path("listenOptions").path("cost").asInt(0), 0, 65_535);
    }

    /** default, required or failed. */
    public String precedence() {
        return root.path("listenOptions").path("precedence").asText("default");
    }

    /** Under which instance id dialers may address this Terminator; empty for none. */
    public String instance(String identityName, String appData) {
        JsonNode options = root.path("listenOptions");
        String template = options.path("bindUsingEdgeIdentity").asBoolean()
                ? "$tunneler_id.name"
                : options.path("identity").asText("");
        String text = template.replace("$tunneler_id.name", identityName);
        return TAG.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(tagOf(appData, tag.group(1))));
    }

    private static String tagOf(String appData, String name) {
        try {
            return appData.isBlank() ? "" : JSON.readTree(appData).path(name).asText("");
        } catch (IOException e) {
            return "";
        }
    }
}
