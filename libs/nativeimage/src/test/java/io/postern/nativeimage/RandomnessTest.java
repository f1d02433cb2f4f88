package io.postern.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What may not be made while an executable is built, is made when it runs: native-image refuses a heap with a source of
 * randomness or a thread in it, and a time that is read then is the builder's for ever. Quarkus has every class initialised for
 * that heap that no list takes out. Read from the sources of all modules, since here is no native-image to ask.
 */
class RandomnessTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern MADE = Pattern.compile(
            "\\bstatic\\s+(final\\s+)?(SecureRandom|Random|SplittableRandom|Thread|Timer|\\w*Executor\\w*|HttpClient|Cleaner)\\s+\\w+\\s*="
                    + "|\\bstatic\\s+(final\\s+)?\\w+\\s+\\w+\\s*=[^;]*\\b(currentTimeMillis|nanoTime|Instant\\.now)\\(");

    /** Builds go on beside this test, so that what is below a target folder comes and goes. */
    private static Stream<Path> files(String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith("target") || folder.equals(ROOT.resolve("tests"))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending) && file.toString().contains("/src/main/")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream();
    }

    private static String className(Path source) {
        String path = source.toString();
        int start = path.indexOf("/src/main/java/") + "/src/main/java/".length();
        return path.substring(start, path.length() - ".java".length()).replace('/', '.');
    }

    @Test
    void randomnessTimesAndThreadsAreMadeByTheProcess() throws IOException {
        TreeSet<String> making = new TreeSet<>();
        for (Path source : files(".java").toList()) {
            if (MADE.matcher(Files.readString(source)).find()) {
                making.add("runtime " + className(source) + "=");
            }
        }
        TreeSet<String> listed = new TreeSet<>();
        for (Path list : files("META-INF/postern/native.list").toList()) {
            List<String> lines = Files.readAllLines(list);
            lines.stream()
                    .filter(line -> line.startsWith("runtime ") && line.endsWith("="))
                    .forEach(listed::add);
        }
        assertThat(making).isNotEmpty().isEqualTo(listed);
    }
}
