import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipFile;

/**
 * Gathers the jars that a program's class path names into one: {@code java images/Gather.java APP…}, APP being a folder with
 * {@code quarkus-run.jar}. Called by images/layout. A JVM whose classes come from a cache still opens every jar of its class path,
 * since a look-up of services asks each of them: two hundred took a tenth of a start.
 *
 * <p>Of a name that several jars have the first one's is taken, as the JVM would, and of several releases' the one for this JDK, which
 * is the image's: opening a jar costs a start some microseconds a name. Lists of services and versions are joined, licences
 * kept by their jar's name. The framework's own jars in {@code lib/boot} stay where they are: it finds its files from there.
 */
final class Gather {
    private static final String ONE = "lib/all.jar";
    private static final Set<String> LEFT_OUT = Set.of(JarFile.MANIFEST_NAME, "META-INF/INDEX.LIST", "META-INF/jandex.idx", "module-info.class");

    private final Path app;
    private final Set<String> taken = new HashSet<>();
    private final Map<String, StringBuilder> joined = new TreeMap<>();

    private Gather(Path app) {
        this.app = app;
    }

    public static void main(String... apps) {
        Arrays.stream(apps).parallel().forEach(app -> {
            try {
                new Gather(Path.of(app)).run();
            } catch (IOException e) {
                throw new UncheckedIOException(app, e);
            }
        });
    }

    private void run() throws IOException {
        Path program = app.resolve("quarkus-run.jar");
        Manifest manifest;
        try (JarFile jar = new JarFile(program.toFile())) {
            manifest = jar.getManifest();
        }
        List<String> left = new ArrayList<>(List.of(ONE));
        List<Path> gathered = new ArrayList<>();
        for (String name : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH).split(" ")) {
            if (name.startsWith("lib/boot/")) {
                left.add(name);
            } else {
                gathered.add(app.resolve(name));
            }
        }
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", left));
        Manifest one = new Manifest();
        one.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream out = jar(app.resolve(ONE), one)) {
            for (Path jar : gathered) {
                take(jar, out);
            }
            for (Map.Entry<String, StringBuilder> each : joined.entrySet()) {
                out.putNextEntry(entry(each.getKey()));
                out.write(each.getValue().toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        for (Path jar : gathered) {
            Files.delete(jar);
        }
        Path made = app.resolve("quarkus-run.jar.part");
        try (JarFile old = new JarFile(program.toFile());
                JarOutputStream out = jar(made, manifest)) {
            for (JarEntry each : old.stream().filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                copy(old, each, each.getName(), out);
            }
        }
        Files.move(made, program, StandardCopyOption.REPLACE_EXISTING);
    }

    private void take(Path path, JarOutputStream out) throws IOException {
        try (JarFile jar = new JarFile(path.toFile(), true, ZipFile.OPEN_READ, Runtime.version())) {
            for (JarEntry each : jar.versionedStream().toList()) {
                String name = each.getName();
                if (each.isDirectory() || LEFT_OUT.contains(name) || name.startsWith("META-INF/versions/")) {
                    continue;
                }
                if (name.startsWith("META-INF/services/") || name.endsWith(".versions.properties")) {
                    try (InputStream in = jar.getInputStream(each)) {
                        joined.computeIfAbsent(name, any -> new StringBuilder()).append(new String(in.readAllBytes(), StandardCharsets.UTF_8)).append('\n');
                    }
                    continue;
                }
                if (name.matches("META-INF/(LICENSE|NOTICE|DEPENDENCIES)[^/]*")) {
                    name = "META-INF/" + path.getFileName() + name.substring("META-INF".length());
                }
                if (taken.add(name)) {
                    copy(jar, each, name, out);
                }
            }
        }
    }

    private static void copy(JarFile from, JarEntry what, String name, JarOutputStream out) throws IOException {
        out.putNextEntry(entry(name));
        try (InputStream in = from.getInputStream(what)) {
            in.transferTo(out);
        }
        out.closeEntry();
    }

    private static JarEntry entry(String name) {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
        return entry;
    }

    private static JarOutputStream jar(Path path, Manifest manifest) throws IOException {
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(path));
        out.setLevel(Deflater.BEST_SPEED);
        out.putNextEntry(entry(JarFile.MANIFEST_NAME));
        manifest.write(out);
        return out;
    }
}
