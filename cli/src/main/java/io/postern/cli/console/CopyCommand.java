package io.postern.cli.console;

import io.postern.cli.Failure;
import io.postern.cli.console.ProxyClient.Refused;
import io.postern.cli.console.Target.Place;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
            "One of the two is [HOST/]NAME:PATH, the other a file or folder here, or - for a tar on standard input or output;"
                    + " ./a:b is a file here.",
            "A folder that exists gets the copy inside; SOURCE/. copies the contents of a folder."
        })
public final class CopyCommand implements Callable<Integer> {
    /** Two empty blocks: the end of a tar, and a whole one. */
    private static final byte[] EMPTY_TAR = new byte[1024];

    private static final Set<String> NOT_THE_PATH = Set.of("CONTAINER_UNKNOWN", "HOST_UNKNOWN");

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "[HOST/]NAME:PATH, a file, a folder or -.")
    String source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "Likewise.")
    String target;

    @Override
    public Integer call() throws IOException {
        try (ProxyClient proxy = ProxyClient.open()) {
            return copy(proxy);
        } catch (Refused e) {
            throw e.failure();
        }
    }

    int copy(ProxyClient proxy) throws IOException {
        Optional<Place> from = source.equals("-") ? Optional.empty() : Place.of(source);
        Optional<Place> to = target.equals("-") ? Optional.empty() : Place.of(target);
        if (from.isPresent() && to.isPresent()) {
            throw new Failure(
                    Failure.USAGE,
                    "Both are in containers: postern cp SOURCE - | postern cp - TARGET copies between them.");
        }
        if (from.isPresent()) {
            return out(
                    proxy,
                    Containers.target(proxy, from.get().container()),
                    from.get().path());
        }
        if (to.isEmpty()) {
            throw new Failure(
                    Failure.USAGE,
                    "One of the two must be in a container, [HOST/]NAME:PATH; for two files here there is cp.");
        }
        in(proxy, Containers.target(proxy, to.get().container()), to.get().path());
        return 0;
    }

    private int out(ProxyClient proxy, Target from, String named) throws IOException {
        boolean contents = named.endsWith("/.");
        String path = contents ? named.substring(0, named.length() - 1) : named;
        if (target.equals("-")) {
            try (InputStream tar = proxy.download(archive(from, path))) {
                return print(tar);
            }
        }
        Path local = Path.of(target);
        Path folder;
        String rename;
        if (Files.isDirectory(local)) {
            folder = local;
            rename = contents ? "" : null;
        } else {
            Path parent = local.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new Failure(Failure.FILE, "There is no folder " + parent + ".");
            }
            folder = parent;
            rename = local.toAbsolutePath().getFileName().toString();
        }
        try (InputStream tar = proxy.download(archive(from, path))) {
            Unpacker unpacker = new Unpacker(folder, rename, this::warn);
            if (target.endsWith("/") && folder != local) {
                unpacker.foldersOnly("there is no folder " + target);
            }
            unpacker.unpack(tar);
        } catch (Refused e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(Failure.FILE, "The copy broke: " + Failure.of(e).getMessage());
        }
        return 0;
    }

    /** To standard output, whose reader may have enough before the end. The exit code. */
    private static int print(InputStream tar) throws IOException {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        byte[] piece = new byte[64 * 1024];
        for (int n = tar.read(piece); n >= 0; n = tar.read(piece)) {
            try {
                out.write(piece, 0, n);
            } catch (IOException e) {
                if (Output.isUnread(e)) {
                    return 128 + Output.PIPE;
                }
                throw new Failure(Failure.FILE, "Standard output cannot be written: " + e.getMessage() + ".");
            }
        }
        return 0;
    }

    private void in(ProxyClient proxy, Target to, String path) throws IOException {
        if (source.equals("-")) {
            proxy.upload(archive(to, path), () -> BodyPublishers.ofInputStream(() -> System.in));
            return;
        }
        boolean contents = source.endsWith("/.") || source.equals(".");
        Path local = Path.of(source);
        if (!Files.exists(local)) {
            boolean link = Files.isSymbolicLink(local);
            throw new Failure(
                    Failure.FILE, link ? source + " is a link to nothing." : "There is no file " + source + ".");
        }
        String own = local.toRealPath().getFileName() == null
                ? "root"
                : local.toAbsolutePath().normalize().getFileName().toString();
        if (isFolder(proxy, to, path)) {
            upload(proxy, to, path, local, contents && Files.isDirectory(local) ? "" : own);
            return;
        }
        if (path.endsWith("/") && !Files.isDirectory(local)) {
            throw new Failure(Failure.REFUSED, "There is no folder " + path + " in the container.");
        }
        String fresh = path.replaceFirst("(?<=.)/+$", "");
        int slash = fresh.lastIndexOf('/');
        upload(proxy, to, slash == 0 ? "/" : fresh.substring(0, slash), local, fresh.substring(slash + 1));
    }

    /** An archive of nothing can be unpacked into a folder only. */
    private static boolean isFolder(ProxyClient proxy, Target to, String path) throws IOException {
        try {
            proxy.upload(archive(to, path), () -> BodyPublishers.ofByteArray(EMPTY_TAR));
            return true;
        } catch (Refused e) {
            if ((e.status() == 404 || e.status() == 400) && !NOT_THE_PATH.contains(e.code())) {
                return false;
            }
            throw e;
        }
    }

    private void upload(ProxyClient proxy, Target target, String folder, Path local, String name) throws IOException {
        proxy.upload(archive(target, folder), () -> packing(local, name));
    }

    /** A body that is packed while it is sent. */
    private BodyPublisher packing(Path local, String name) {
        return BodyPublishers.ofInputStream(() -> {
            Hose hose = new Hose();
            Thread.ofVirtual().name("pack").start(() -> hose.fill(end -> Packer.pack(local, name, end, this::warn)));
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
