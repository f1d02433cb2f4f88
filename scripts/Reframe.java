import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * {@code java Reframe.java IN OUT}: a copy of a jar whose classes are of Java 21. The JVM's cache takes no class that is
 * older than Java 6, and the library that reads command lines is, for the sake of old machines.
 */
final class Reframe {
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final ClassFile tool = ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(this::open)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached()));

    public static void main(String[] arguments) throws IOException {
        new Reframe().copy(arguments[0], arguments[1]);
    }

    private void copy(String from, String to) throws IOException {
        try (JarFile jar = new JarFile(from)) {
            for (JarEntry entry : jar.stream().filter(each -> !each.isDirectory()).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        try (JarOutputStream out = new JarOutputStream(new FileOutputStream(to))) {
            for (var file : files.entrySet()) {
                out.putNextEntry(new JarEntry(file.getKey()));
                out.write(file.getKey().endsWith(".class") ? reframed(file.getValue()) : file.getValue());
            }
        }
    }

    private InputStream open(ClassDesc type) {
        String name = type.descriptorString();
        byte[] bytes = files.get(name.substring(1, name.length() - 1) + ".class");
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    private byte[] reframed(byte[] old) {
        if ((old[6] << 8 | old[7]) > ClassFile.JAVA_6_VERSION) {
            return old;
        }
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_21_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        // Every body passes through a transform: only what does gets its frames made.
        CodeTransform anew = (CodeBuilder builder, CodeElement element) -> builder.with(element);
        return tool.transformClass(tool.parse(old), ClassTransform.transformingMethodBodies(anew).andThen(version));
    }
}
