package io.postern.router.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.postern.fabric.channel.Heartbeats;
import io.postern.pki.San;
import io.postern.transport.Address;
import io.postern.transport.TlsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the operator wants of this router. Keys and defaults of fabric sheet 2.2; {@code http} and {@code tls.engine} are our
 * own. Relative paths count from the folder of the file; <code>${NAME}</code> is the environment's value.
 *
 * @param listeners edge and tunnel listeners, with their options unread
 * @param hasHttp does the file speak of it?
 * @param drain how long a router that is told to end lets Circuits go on
 * @param csrNames names for the server certificate: {@code edge.csr.sans}, else {@code csr.sans}, else the advertised hosts
 */
public record RouterConfig(
        Path file,
        IdentityFiles identity,
        List<Address> controllers,
        Path endpointsFile,
        Path modelFile,
        Heartbeats controlHeartbeats,
        Duration requestTimeout,
        Heartbeats linkHeartbeats,
        List<LinkListener> linkListeners,
        List<LinkDialer> linkDialers,
        List<Listener> listeners,
        List<San> csrNames,
        Forwarder forwarder,
        Duration modelSaveInterval,
        Duration metricsInterval,
        TlsEngine tlsEngine,
        Http http,
        boolean hasHttp,
        Duration drain) {

    /** The identity's PEM files. */
    public record IdentityFiles(Path cert, Path serverCert, Path key, Path ca) {}

    /** @param binding interface name, the listener's half of link keys */
    public record LinkListener(Address bind, Address advertise, List<String> groups, String binding) {}

    public record LinkDialer(List<String> groups, String binding) {}

    /** @param bind where to listen; empty for bindings that do not listen on one address */
    public record Listener(String binding, Optional<Address> bind, Section options) {}

    public record Forwarder(Duration faultInterval, Duration idleInterval, Duration idleCircuitTimeout) {}

    /** Health and metrics. @param port 0 for any free one, -1 for none */
    public record Http(String host, int port) {}

    private static final List<String> DEFAULT_GROUPS = List.of("default");

    /**
     * @throws InvalidConfig a sentence that names the key
     * @throws IOException when the file cannot be read
     */
    public static RouterConfig read(Path file) throws IOException {
        String yaml = Files.readString(file);
        JsonNode tree;
        try {
            tree = new YAMLMapper().readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new InvalidConfig(file + " is no YAML: " + e.getOriginalMessage());
        }
        if (tree == null || !tree.isObject()) {
            throw new InvalidConfig(file + " must be a mapping of keys");
        }
        return parse(file.toAbsolutePath(), new Section("", new Environment(System.getenv()).expanded(tree)));
    }

    /**
     * Of several routers in one process, which has one place for health and metrics: the first file's.
     *
     * @throws InvalidConfig a sentence that names the key
     * @throws IOException when one cannot be read
     */
    public static List<RouterConfig> readAll(List<Path> files) throws IOException {
        List<RouterConfig> all = new ArrayList<>();
        for (Path file : files) {
            RouterConfig next = read(file);
            if (!all.isEmpty() && next.hasHttp) {
                throw new InvalidConfig(
                        "http in " + file + ": the process has that of " + files.getFirst() + "; leave it out here");
            }
            all.add(next);
        }
        return List.copyOf(all);
    }

    private static RouterConfig parse(Path file, Section root) {
        root.number("v", 3, 3, 3);
        Section control = root.section("ctrl");
        Section link = root.section("link");
        Section edge = root.section("edge");
        Path folder = file.getParent();
        List<LinkListener> linkListeners = link.sections("listeners").stream()
                .map(RouterConfig::linkListener)
                .toList();
        List<Listener> listeners =
                root.sections("listeners").stream().map(RouterConfig::listener).toList();
        return new RouterConfig(
                file,
                identity(folder, root.section("identity")),
                controllers(control),
                folder.resolve(control.text("endpointsFile").orElse("endpoints")),
                folder.resolve(edge.text("db").orElse(file.getFileName() + ".proto.gzip")),
                heartbeats(control.section("heartbeats"), Heartbeats.CONTROL),
                control.duration("defaultRequestTimeout", Duration.ofSeconds(5)),
                heartbeats(link.section("heartbeats"), Heartbeats.LINK),
                linkListeners,
                link.sections("dialers").stream().map(RouterConfig::linkDialer).toList(),
                listeners,
                names(root, edge, linkListeners, listeners),
                forwarder(root.section("forwarder")),
                edge.duration("dbSaveIntervalSeconds", Duration.ofSeconds(30), Duration.ofSeconds(1)),
                root.section("metrics").duration("reportInterval", Duration.ofMinutes(1)),
                engine(root.section("tls")),
                http(root.section("http")),
                root.has("http"),
                root.section("shutdown").duration("drain", Duration.ZERO, Duration.ofSeconds(1)));
    }

    private static IdentityFiles identity(Path folder, Section identity) {
        String cert = identity.requiredText("cert");
        return new IdentityFiles(
                path(folder, cert),
                path(folder, identity.text("server_cert").orElse(cert)),
                path(folder, identity.requiredText("key")),
                path(folder, identity.requiredText("ca")));
    }

    private static Path path(Path folder, String text) {
        return folder.resolve(text.startsWith("file://") ? text.substring("file://".length()) : text);
    }

    private static List<Address> controllers(Section control) {
        List<Address> all = new ArrayList<>(control.addresses("endpoints"));
        if (control.has("endpoint")) {
            all.add(control.address("endpoint"));
        }
        return List.copyOf(all);
    }

    private static Heartbeats heartbeats(Section section, Heartbeats fallback) {
        return new Heartbeats(
                section.duration("sendInterval", fallback.send()),
                section.duration("closeUnresponsiveTimeout", fallback.closeUnresponsive()));
    }

    private static LinkListener linkListener(Section section) {
        Address bind = section.address("bind");
        return new LinkListener(
                bind,
                section.has("advertise") ? section.address("advertise") : bind,
                groups(section),
                section.text("bindInterface").orElse("default"));
    }

    private static LinkDialer linkDialer(Section section) {
        return new LinkDialer(groups(section), section.text("bind").orElse("default"));
    }

    private static List<String> groups(Section section) {
        List<String> groups = section.texts("groups");
        return groups.isEmpty() ? DEFAULT_GROUPS : groups;
    }

    private static Listener listener(Section section) {
        String binding = section.requiredText("binding");
        Optional<Address> bind = section.text("address").isEmpty() || !binding.equals("edge")
                ? Optional.empty()
                : Optional.of(section.address("address"));
        if (binding.equals("edge") && bind.isEmpty()) {
            throw new InvalidConfig(section.path() + ".address is missing");
        }
        return new Listener(binding, bind, section.section("options"));
    }

    private static List<San> names(
            Section root, Section edge, List<LinkListener> linkListeners, List<Listener> listeners) {
        Section sans = edge.section("csr").has("sans")
                ? edge.section("csr").section("sans")
                : root.section("csr").section("sans");
        List<San> names = new ArrayList<>();
        sans.texts("dns").forEach(name -> names.add(new San.Dns(name)));
        sans.texts("ip").forEach(name -> names.add(new San.Ip(name)));
        sans.texts("email").forEach(name -> names.add(new San.Email(name)));
        sans.texts("uri").forEach(name -> names.add(new San.Uri(name)));
        if (names.isEmpty()) {
            linkListeners.forEach(listener -> names.add(San.host(listener.advertise.host())));
            listeners.stream()
                    .filter(listener -> listener.binding.equals("edge"))
                    .map(listener -> San.host(advertise(listener).host()))
                    .forEach(names::add);
        }
        return names.stream().distinct().toList();
    }

    /** Host and port under which clients reach an edge listener. */
    public static Address advertise(Listener listener) {
        return listener.options.has("advertise")
                ? listener.options.address("advertise")
                : listener.bind.orElseThrow(() -> new InvalidConfig(listener.options.path() + ".advertise is missing"));
    }

    private static Forwarder forwarder(Section section) {
        return new Forwarder(
                section.duration("faultTxInterval", Duration.ofSeconds(15)),
                section.duration("idleTxInterval", Duration.ofSeconds(60)),
                section.duration("idleCircuitTimeout", Duration.ofSeconds(60)));
    }

    private static TlsEngine engine(Section section) {
        try {
            return TlsEngine.parse(section.text("engine").orElse("auto"));
        } catch (IllegalArgumentException e) {
            throw new InvalidConfig(section.path() + ".engine: " + e.getMessage());
        }
    }

    private static Http http(Section section) {
        String host = section.text("host").orElse("127.0.0.1");
        boolean off = section.text("port").filter("none"::equals).isPresent();
        return new Http(host, off ? -1 : section.number("port", 0, 0, 65_535));
    }
}
