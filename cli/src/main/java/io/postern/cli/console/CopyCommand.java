package io.postern.cli.console;

import io.postern.cli.Failure;
import io.postern.cli.console.ProxyClient.Refused;
import io.postern.cli.console.Target.Place;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern cp}: files and folders into a container and out of it. */
@Command(
        name = "cp",
        mixinStandardHelpOptions = true,
        description = {
            "Copy a file or folder into a container or out of it.",
            "One of the two is HOST/NAME:PATH, the other a file or folder here, or - for a tar on standard input or output.",
            "A folder that exists gets the copy inside; SOURCE/. copies the contents of a folder."
        })
public final class CopyCommand implements Callable<Integer> {
    /** Two empty blocks: the end of a tar, and a whole one. */
    private static final byte[] EMPTY_TAR = new byte[1024];

    private static final Set<String> NOT_THE_PATH = Set.of("CONTAINER_UNKNOWN", "HOST_UNKNOWN");

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "HOST/NAME:PATH, a file, a folder or -.")
    String source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "Likewise.")
    String target;

    @Override
    public Integer call() throws IOException {
        try (ProxyClient proxy = ProxyClient.open()) {
            copy(proxy);
        } catch (Refused e) {
            throw e.failure();
        }
        return 0;
    }

    void copy(ProxyClient proxy) throws IOException {
        Optional<Place> from = source.equals("-") ? Optional.empty() : Place.of(source);
        Optional<Place> to = target.equals("-") ? Optional.empty() : Place.of(target);
        if (from.isPresent() == to.isPresent()) {
            throw new Failure(
                    Failure.USAGE,
                    "One of the two must be in a container, HOST/NAME:PATH; for two files here there is cp.");
        }
        if (from.isPresent()) {
            out(proxy, from.get());
        } else {
            in(proxy, to.orElseThrow());
        }
    }

    private void out(ProxyClient proxy, Place from) throws IOException {
        boolean contents = from.path().endsWith("/.");
        String path = contents ? from.path().substring(0, from.path().length() - 1) : from.path();
        if (target.equals("-")) {
            try (InputStream tar = proxy.download(archive(from.target(), path))) {
                tar.transferTo(System.out);
                System.out.flush();
            }
            return;
        }
        Path local = Path.of(target);
        Path folder;
        String rename;
        if (Files.isDirectory(local)) {
            folder = local;
            rename = contents ? "" : null;
        } else {
            Path parent = local.toAbsolutePath().getParent();
            if (target.endsWith("/") || parent == null || !Files.isDirectory(parent)) {
                throw new Failure(Failure.FILE, "There is no folder " + (target.endsWith("/") ? target : parent) + ".");
            }
            folder = parent;
            rename = local.toAbsolutePath().getFileName().toString();
        }
        try (InputStream tar = proxy.download(archive(from.target(), path))) {
            new Unpacker(folder, rename, this::warn).unpack(tar);
        } catch (Refused e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(Failure.FILE, "The copy broke: " + e.getMessage());
        }
    }

    private void in(ProxyClient proxy, Place to) throws IOException {
        if (source.equals("-")) {
            proxy.upload(archive(to.target(), to.path()), () -> BodyPublishers.ofInputStream(() -> System.in));
            return;
        }
        boolean contents = source.endsWith("/.") || source.equals(".");
        Path local = Path.of(source);
        if (!Files.exists(local)) {
            throw new Failure(Failure.FILE, "There is no file " + source + ".");
        }
        String own = local.toRealPath().getFileName() == null
                ? "root"
                : local.toAbsolutePath().normalize().getFileName().toString();
        if (isFolder(proxy, to)) {
            upload(proxy, to.target(), to.path(), local, contents && Files.isDirectory(local) ? "" : own);
            return;
        }
        if (to.path().endsWith("/")) {
            throw new Failure(Failure.REFUSED, "There is no folder " + to.path() + " in the container.");
        }
        int slash = to.path().lastIndexOf('/');
        String parent = slash < 0 ? "." : slash == 0 ? "/" : to.path().substring(0, slash);
        upload(proxy, to.target(), parent, local, to.path().substring(slash + 1));
    }

    /** An archive of nothing can be unpacked into a folder only. */
    private static boolean isFolder(ProxyClient proxy, Place to) throws IOException {
        try {
            proxy.upload(archive(to.target(), to.path()), () -> BodyPublishers.ofByteArray(EMPTY_TAR));
            return true;
        } catch (Refused e) {
            if ((e.status() == 404 || e.status() == 400) && !NOT_THE_PATH.contains(e.code())) {
                return false;
            }
            throw e;
        }
    }

    private static void upload(ProxyClient proxy, Target target, String folder, Path local, String name)
            throws IOException {
        proxy.upload(archive(target, folder), () -> packing(local, name));
    }

    /** A body that is packed while it is sent. */
    private static BodyPublisher packing(Path local, String name) {
        return BodyPublishers.ofInputStream(() -> {
            Hose hose = new Hose();
            Thread.ofVirtual().name("pack").start(() -> hose.fill(end -> Packer.pack(local, name, end)));
            return hose;
        });
    }

    private static String archive(Target target, String path) {
        return target.path() + "/archive?path=" + Target.encoded(path);
    }

    private void warn(String sentence) {
        spec.commandLine().getErr().println("postern: " + sentence + ".");
    }
}
