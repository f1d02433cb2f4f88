package io.postern.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of the classes that a class path has, read once. */
final class ClassNames {
    private static final String SUFFIX = ".class";

    private final TreeSet<String> all = new TreeSet<>();

    /** @param path jars and folders; what is not there is passed over */
    ClassNames(Collection<Path> path) throws IOException {
        for (Path each : path) {
            if (Files.isDirectory(each)) {
                try (Stream<Path> files = Files.walk(each)) {
                    files.forEach(file -> add(each.relativize(file).toString()));
                }
            } else if (Files.isRegularFile(each)) {
                try (JarFile jar = new JarFile(each.toFile())) {
                    jar.stream().forEach(entry -> add(entry.getName()));
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        }
    }

    private void add(String entry) {
        if (entry.endsWith(SUFFIX) && !entry.startsWith("META-INF") && !entry.endsWith("-info.class")) {
            all.add(entry.substring(0, entry.length() - SUFFIX.length())
                    .replace('/', '.')
                    .replace('\\', '.'));
        }
    }

    /** @param beginning in which a star stands for anything but a dot; with an equals sign at its end one whole name; sorted */
    List<String> beginning(String beginning) {
        if (beginning.endsWith("=")) {
            String whole = beginning.substring(0, beginning.length() - 1);
            return all.contains(whole) ? List.of(whole) : List.of();
        }
        int star = beginning.indexOf('*');
        String prefix = star < 0 ? beginning : beginning.substring(0, star);
        Pattern pattern = Pattern.compile(Pattern.quote(beginning).replace("*", "\\E[^.]*\\Q") + ".*");
        return all.tailSet(prefix).stream()
                .takeWhile(name -> name.startsWith(prefix))
                .filter(name -> pattern.matcher(name).matches())
                .toList();
    }
}
