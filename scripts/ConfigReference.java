import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.tools.ToolProvider;

/**
 * Writes docs/configuration.md from the configuration interfaces: key, environment variable, default, what it is.
 * {@code java scripts/ConfigReference.java [--check]}, in the root folder.
 */
final class ConfigReference {
    private static final Path TARGET = Path.of("docs", "configuration.md");
    private static final Map<String, String> PROGRAMS =
            Map.of("controller", "postern controller", "ws-proxy", "postern ws-proxy", "edge-router", "postern router");

    /** One key. */
    record Key(String name, String type, String fallback, String text) {
        String variable() {
            return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        }
    }

    private static final List<String> UNSAID = new ArrayList<>();

    public static void main(String[] arguments) throws IOException {
        String text = text();
        if (!UNSAID.isEmpty()) {
            System.err.println("Keys without Javadoc: " + String.join(", ", UNSAID));
            System.exit(1);
        }
        if (arguments.length > 0 && arguments[0].equals("--check")) {
            if (!Files.exists(TARGET) || !Files.readString(TARGET).equals(text)) {
                System.err.println(TARGET + " is not what the code says: run ./dev fmt.");
                System.exit(1);
            }
            return;
        }
        Files.writeString(TARGET, text);
    }

    private static String text() throws IOException {
        var out = new StringBuilder("""
                # Configuration

                Written from the code by `./dev fmt`; change it there. Each key is a system property (`-Dkey=value` in
                `POSTERN_JAVA_OPTS`), an environment variable, or a line in `config/application.properties` of the folder in which the program
                starts. An edge router is configured by its YAML file, whose keys are stock OpenZiti's; texts in it may name
                environment variables as `${NAME}`.
                """);
        for (String program : List.of("controller", "ws-proxy")) {
            Map<String, Key> keys = new TreeMap<>();
            for (Path file : sources(Path.of(program, "src", "main", "java"))) {
                read(file).forEach(key -> keys.put(key.name(), key));
            }
            if (keys.isEmpty()) {
                continue;
            }
            out.append("\n## `").append(PROGRAMS.get(program)).append("`\n");
            for (Key key : keys.values()) {
                out.append("\n### `").append(key.name()).append("`\n");
                out.append(key.text()).append("\n\n");
                out.append("`").append(key.variable()).append("` · ").append(key.type());
                out.append(key.fallback().isEmpty() ? " · not set by default\n" : " · default `" + key.fallback() + "`\n");
            }
        }
        return out.toString();
    }

    private static List<Path> sources(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var files = Files.walk(root)) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.filter(file -> file.toString().endsWith("Config.java")).sorted().toList()) {
                if (Files.readString(file).contains("@ConfigMapping(")) {
                    found.add(file);
                }
            }
            return found;
        }
    }

    private static List<Key> read(Path file) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, problem -> {}, List.of("-proc:none"), null, manager.getJavaFileObjects(file));
            CompilationUnitTree unit = task.parse().iterator().next();
            ClassTree top = (ClassTree) unit.getTypeDecls().getFirst();
            String prefix = argument(top.getModifiers(), "ConfigMapping", "prefix").orElseThrow();
            List<Key> keys = new ArrayList<>();
            collect(DocTrees.instance(task), new TreePath(new TreePath(unit), top), top, prefix, keys);
            return keys;
        }
    }

    private static void collect(DocTrees docs, TreePath at, ClassTree top, String prefix, List<Key> keys) {
        for (Tree member : ((ClassTree) at.getLeaf()).getMembers()) {
            if (!(member instanceof MethodTree method) || method.getReturnType() == null) {
                continue;
            }
            String name = argument(method.getModifiers(), "WithName", "value").orElse(kebab(method.getName().toString()));
            String key = prefix + "." + name;
            String type = method.getReturnType().toString();
            Optional<ClassTree> group = nested(top, type);
            if (group.isPresent()) {
                collect(docs, new TreePath(at, group.get()), top, key, keys);
                continue;
            }
            String fallback = argument(method.getModifiers(), "WithDefault", "value").orElse("");
            DocCommentTree comment = docs.getDocCommentTree(new TreePath(at, method));
            if (comment == null) {
                UNSAID.add(key);
                continue;
            }
            keys.add(new Key(key, words(type), fallback, sentence(comment)));
        }
    }

    private static Optional<ClassTree> nested(ClassTree top, String name) {
        return top.getMembers().stream()
                .filter(member -> member instanceof ClassTree type && type.getSimpleName().contentEquals(name))
                .filter(member -> member.getKind() == Tree.Kind.INTERFACE)
                .map(ClassTree.class::cast)
                .findFirst();
    }

    private static String words(String type) {
        String bare = type.replaceAll("^Optional<(.*)>$", "$1");
        return switch (bare) {
            case "String" -> "text";
            case "int", "long", "Integer", "Long" -> "number";
            case "boolean", "Boolean" -> "true or false";
            case "Duration" -> "duration, such as `30s` or `5m`";
            case "List<String>" -> "texts, joined by commas";
            case "Map<String, String>" -> "texts by name";
            default -> bare;
        };
    }

    private static String sentence(DocCommentTree comment) {
        var out = new StringBuilder();
        for (DocTree part : comment.getFullBody()) {
            switch (part) {
                case TextTree text -> out.append(text.getBody());
                case LiteralTree literal -> out.append('`').append(literal.getBody().getBody().strip()).append('`');
                case LinkTree link -> out.append('`')
                        .append(kebab(link.getReference().getSignature().replaceAll("^.*#", "")))
                        .append('`');
                default -> out.append(part);
            }
        }
        return out.toString().replaceAll("\\s+", " ").strip();
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static Optional<String> argument(ModifiersTree modifiers, String annotation, String name) {
        for (AnnotationTree found : modifiers.getAnnotations()) {
            if (found.getAnnotationType().toString().equals(annotation)) {
                for (ExpressionTree argument : found.getArguments()) {
                    if (argument instanceof AssignmentTree pair && pair.getVariable().toString().equals(name)) {
                        return value(pair.getExpression());
                    }
                    if (!(argument instanceof AssignmentTree)) {
                        return value(argument);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> value(ExpressionTree expression) {
        return expression instanceof com.sun.source.tree.LiteralTree literal
                ? Optional.of(String.valueOf(literal.getValue()))
                : Optional.of(expression.toString());
    }
}
