package io.postern.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.pki.Certificates;
import io.postern.pki.Keys;
import io.postern.pki.PkiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is: private key, certificate chain, the certificates it trusts, and where its controller is. Read from
 * and written to the stock JSON file, version 1 (SDK sheet 1.6), so that any client of the network can use the file.
 * Keys and certificates are held as PEM text, whatever form they had in the file.
 *
 * @param ztApi controller's client API, such as {@code https://host:1280/edge/client/v1}
 * @param ztApis addresses of all controllers, {@code ztApi} among them; one or none for a single controller
 * @param key private key
 * @param cert certificate chain, leaf first
 * @param ca trust bundle
 * @param configTypes names of config types that the client asks for; empty asks for all
 */
public record IdentityFile(
        String ztApi, List<String> ztApis, String key, String cert, String ca, List<String> configTypes) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PEM = "pem:";
    private static final String FILE = "file://";
    private static final long LONGEST = 1024 * 1024;

    public IdentityFile {
        ztApis = List.copyOf(ztApis);
        configTypes = List.copyOf(configTypes);
    }

    /**
     * Reads a file of ours, of the stock CLI, or of a C or JVM client.
     *
     * @throws IOException when the file cannot be read or is no identity; the text says what is missing and where
     */
    public static IdentityFile read(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new FileSystemException(
                    file.toString(), null, "not an identity file: longer than " + LONGEST + " bytes");
        }
        Path folder = file.toAbsolutePath().getParent();
        try {
            return parse(Files.readString(file), folder == null ? Path.of(".") : folder);
        } catch (CharacterCodingException e) {
            throw new FileSystemException(file.toString(), null, "not an identity file: it is no text");
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    /** Reads the JSON text; relative paths in it start at {@code folder}. */
    public static IdentityFile parse(String json, Path folder) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            // The parser's own text would quote the file, which holds a key.
            throw new IOException(
                    "not an identity file: no JSON at line " + e.getLocation().getLineNr());
        }
        JsonNode id = root.path("id");
        List<String> apis = texts(root.path("ztAPIs"));
        String api = root.path("ztAPI").asText(apis.isEmpty() ? "" : apis.getFirst());
        if (api.isEmpty()) {
            throw new IOException("not an identity file: it names no controller (ztAPI)");
        }
        return new IdentityFile(
                        api,
                        apis,
                        pem(id, "key", folder),
                        pem(id, "cert", folder),
                        pem(id, "ca", folder),
                        texts(root.path("configTypes")))
                .checked();
    }

    private IdentityFile checked() throws IOException {
        try {
            if (certificates().isEmpty()) {
                throw new IOException("identity file holds no certificate (id.cert)");
            }
            privateKey();
            if (trust().isEmpty()) {
                throw new IOException("identity file holds no certificate to trust (id.ca)");
            }
            return this;
        } catch (PkiException e) {
            throw new IOException("identity file is damaged: " + e.getMessage(), e);
        }
    }

    private static String pem(JsonNode id, String name, Path folder) throws IOException {
        String value = id.path(name).asText("");
        if (value.isBlank()) {
            throw new IOException("not an identity file: id." + name + " is missing");
        }
        if (value.startsWith(PEM)) {
            return value.substring(PEM.length());
        }
        if (value.stripLeading().startsWith("-----BEGIN")) {
            return value;
        }
        Path path;
        try {
            path = folder.resolve(value.startsWith(FILE) ? URI.create(value).getPath() : value);
        } catch (IllegalArgumentException e) {
            throw new IOException("id." + name + " is neither PEM nor the name of a file");
        }
        if (!Files.isReadable(path)) {
            throw new IOException("id." + name + " names " + path + ", which cannot be read");
        }
        return Files.readString(path);
    }

    private static List<String> texts(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(value -> all.add(value.asText()));
        return all;
    }

    public PrivateKey privateKey() {
        return Keys.privateKey(key);
    }

    /** The chain, leaf first. */
    public List<X509Certificate> certificates() {
        return Certificates.parse(cert);
    }

    /** The certificates that a controller or router must chain to. */
    public List<X509Certificate> trust() {
        return Certificates.parse(ca);
    }

    /** Base addresses of the controllers, {@code ztApi}'s first, without the path of an API. */
    public List<URI> controllers() {
        List<String> all = new ArrayList<>(List.of(ztApi));
        all.addAll(ztApis);
        return all.stream()
                .map(URI::create)
                .map(api -> URI.create(api.getScheme() + "://" + api.getAuthority()))
                .distinct()
                .toList();
    }

    public String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("ztAPI", ztApi);
        if (ztApis.size() > 1) {
            ArrayNode apis = root.putArray("ztAPIs");
            ztApis.forEach(apis::add);
        }
        ObjectNode id = root.putObject("id");
        id.put("key", PEM + key);
        id.put("cert", PEM + cert);
        id.put("ca", PEM + ca);
        if (!configTypes.isEmpty()) {
            ArrayNode types = root.putArray("configTypes");
            configTypes.forEach(types::add);
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the file in one step, readable by its owner only. */
    public void write(Path file) throws IOException {
        writePrivate(file, toJson());
    }

    /** Replaces a file by {@code text} in one step, readable by its owner only from its first moment. */
    public static void writePrivate(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not the name of a file");
        }
        Files.createDirectories(folder);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path fresh = Files.createTempFile(folder, "." + file.getFileName(), ".new", owner);
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** The same identity with another certificate chain and, where given, another trust bundle. */
    public IdentityFile renewed(String newCert, @Nullable String newCa) {
        return new IdentityFile(ztApi, ztApis, key, newCert, newCa == null ? ca : newCa, configTypes);
    }

    @Override
    public String toString() {
        return "IdentityFile[" + ztApi + ", key=***]";
    }
}
