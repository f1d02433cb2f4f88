package io.postern.testkit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file system of an image: this machine's busybox with all its names, and the users root and app (1000). */
final class Busybox {
    private static final String PASSWD = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/tmp:/bin/sh\n";

    private Busybox() {}

    static Optional<String> missing() {
        return Machine.which("busybox").isEmpty()
                ? Optional.of("there is no busybox (Debian package busybox-static)")
                : Optional.empty();
    }

    /** Makes it in a folder. @return a tar of it, there too */
    static Path tar(Path folder) throws IOException {
        Path image = folder.resolve("image");
        Path bin = Files.createDirectories(image.resolve("bin"));
        Path tmp = Files.createDirectories(image.resolve("tmp"));
        Files.createDirectories(image.resolve("root"));
        Path etc = Files.createDirectories(image.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), PASSWD);
        Path busybox = Machine.which("busybox").orElseThrow();
        Files.copy(busybox, bin.resolve("busybox"));
        for (String applet :
                Machine.run(List.of(busybox.toString(), "--list")).output().split("\n")) {
            if (!applet.isBlank() && !applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Machine.run(List.of("chmod", "1777", tmp.toString()));
        Path tar = folder.resolve("image.tar");
        Machine.Ran packed = Machine.run(List.of("tar", "-C", image.toString(), "-cf", tar.toString(), "."));
        if (packed.exit() != 0) {
            throw new IllegalStateException("tar: " + packed.output());
        }
        return tar;
    }
}
