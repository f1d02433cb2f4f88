package io.postern.controller.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the PostgreSQL programs that come as a Maven artefact, once per content. */
final class PostgresBinaries {
    private static final String SERVER = "bin/postgres";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private PostgresBinaries() {}

    /**
     * @param parent folder that gets {@code programs-<digest>}
     * @return the folder with {@code bin}, {@code lib}, {@code share}
     */
    static Path unpack(Path parent) throws IOException {
        String resource = resource();
        Path home = parent.resolve("programs-" + digest(resource));
        if (Files.exists(home.resolve(SERVER))) {
            return home;
        }
        Path fresh = Files.createTempDirectory(parent, "unpacking-");
        if (!unpackByTheSystem(resource, fresh)) {
            Folders.delete(fresh);
            unpackHere(resource, Files.createDirectory(fresh));
        }
        openFolders(fresh);
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            Folders.delete(fresh); // another process was faster
        }
        return home;
    }

    /**
     * By tar and xz, which take half the time that a JVM takes with code that it has yet to compile. Whether they did it;
     * a system without them, or with others than are thought of here, leaves it to us, and some of it in the folder.
     */
    static boolean unpackByTheSystem(String resource, Path home) throws IOException {
        try (InputStream archive = open(resource)) {
            Process tar;
            try {
                tar = new ProcessBuilder("tar", "-xJopf", "-", "-C", home.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                return false; // there is none
            }
            tar.onExit()
                    .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .whenComplete((end, late) -> tar.destroyForcibly());
            feed(tar, archive);
            return tar.waitFor() == 0 && Files.exists(home.resolve(SERVER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("unpacking was interrupted", e);
        }
    }

    private static void feed(Process tar, InputStream archive) {
        try (OutputStream out = tar.getOutputStream()) {
            archive.transferTo(out);
        } catch (IOException e) {
            // it has ended before the archive did, as its exit code tells
        }
    }

    static void unpackHere(String resource, Path home) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(open(resource)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(home, entry, tar);
            }
        }
    }

    private static void write(Path home, TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
            throw new IOException("archive entry leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(target.getParent());
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(target.getParent());
            Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(target, permissions((entry.getMode() & 0111) != 0));
        }
    }

    /** Those that the archive only implies are as private as this process makes its files. */
    private static void openFolders(Path home) throws IOException {
        try (var all = Files.walk(home)) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(folder, permissions(true));
            }
        }
    }

    /** Readable by all: the server may run as another user than the controller. */
    private static Set<PosixFilePermission> permissions(boolean executable) {
        return EnumSet.copyOf(PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    static String resource() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!system.contains("linux")) {
            throw new IOException("the embedded PostgreSQL runs on Linux only; set POSTERN_DB_URL to a PostgreSQL");
        }
        return switch (machine) {
            case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
            case "aarch64" -> "postgres-linux-arm_64.txz";
            default ->
                throw new IOException("no embedded PostgreSQL for " + machine + "; set POSTERN_DB_URL to a PostgreSQL");
        };
    }

    private static String digest(String resource) throws IOException {
        try (var in = new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JDK has no SHA-256", e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource);
        if (in == null) {
            throw new IOException("no embedded PostgreSQL in this build; set POSTERN_DB_URL to a PostgreSQL");
        }
        return in;
    }
}
