package io.postern.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The invariants of ARCHITECTURE.md name what keeps each: those tests, lanes and cells exist. */
class InvariantsTest {
    private static final Path ROOT = Path.of(System.getProperty("postern.root"));
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
    private static final Pattern CELL = Pattern.compile("`([a-z]+/[a-z][a-z0-9/-]*)\\*?`|`([a-z]+/)\\*`");
    private static final Set<String> PASSED_OVER = Set.of("target", "node_modules", ".git");

    private static List<String> invariants() throws IOException {
        String text = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
        String section = text.substring(text.indexOf("## Invariants"));
        int end = section.indexOf("\n## ", 1);
        return Stream.of((end < 0 ? section : section.substring(0, end)).split("\n\\* "))
                .skip(1)
                .map(line -> line.replaceAll("\\s+", " "))
                .toList();
    }

    private static Stream<String> named(Pattern pattern, String invariant) {
        return pattern.matcher(invariant)
                .results()
                .map((MatchResult found) -> found.group(1) == null ? found.group(2) : found.group(1));
    }

    private static Set<String> tests() throws IOException {
        Set<String> names = new HashSet<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return PASSED_OVER.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = file.toString();
                if (path.contains("/src/test/java/") && path.endsWith("Test.java")) {
                    names.add(file.getFileName().toString().replace(".java", ""));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return names;
    }

    @Test
    void everyNamedTestExists() throws IOException {
        Set<String> named = invariants().stream()
                .flatMap(invariant -> named(TEST, invariant))
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(tests()).containsAll(named);
    }

    @Test
    void everyNamedCellExists() throws IOException {
        String cells;
        try (Stream<Path> sources =
                Files.list(ROOT.resolve("tests/conformance/src/main/java/io/postern/conformance"))) {
            List<String> texts = new ArrayList<>();
            for (Path source : sources.toList()) {
                texts.add(Files.readString(source));
            }
            cells = String.join("\n", texts);
        }
        List<String> named = invariants().stream()
                .flatMap(invariant -> named(CELL, invariant))
                .toList();
        assertThat(named).isNotEmpty().allSatisfy(cell -> assertThat(cells).contains("\"" + cell));
    }

    @Test
    void everyInvariantNamesWhatKeepsIt() throws IOException {
        assertThat(invariants())
                .hasSizeGreaterThan(30)
                .allSatisfy(invariant -> assertThat(invariant)
                        .containsPattern(Pattern.compile(
                                TEST.pattern() + "|lanes? `|lane cells `|`\\./dev (lanes|k8s|entry|cluster)")));
    }
}
