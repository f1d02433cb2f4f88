package io.postern.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar that a container made, which is to say a stranger. Nothing is written outside the target: no name leads
 * out, no link is written through, and links that lead out are not made. Modes keep their nine permission bits.
 */
final class Unpacker {
    private final Path root;
    private final @Nullable String rename;
    private final Consumer<String> skipped;
    private final Deque<Runnable> atEnd = new ArrayDeque<>();
    private @Nullable String noFile;

    /**
     * An unpacker.
     *
     * @param root a folder that exists
     * @param rename what the archive's top entry is called here; null for its own name, empty to leave it out
     * @param skipped told of entries that are left out, a sentence each
     */
    Unpacker(Path root, @Nullable String rename, Consumer<String> skipped) throws IOException {
        this.root = root.toRealPath();
        this.rename = rename;
        this.skipped = skipped;
    }

    /** Refuses an archive that does not begin with a folder, for this reason. */
    void foldersOnly(String reason) {
        noFile = reason;
    }

    void unpack(InputStream in) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (noFile != null && !entry.isDirectory()) {
                    throw new IOException(noFile);
                }
                noFile = null;
                Optional<Path> place = place(entry.getName());
                if (place.isPresent()) {
                    write(entry, place.get(), tar);
                }
            }
        }
        while (!atEnd.isEmpty()) {
            atEnd.pop().run(); // folders last and deepest first: a folder may be read-only
        }
    }

    /** Where an entry goes; empty for the folder itself. */
    private Optional<Path> place(String name) throws IOException {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/")) {
            if (part.equals("..") || part.indexOf('\0') >= 0) {
                throw new IOException("the archive names '" + name + "', which leads out of its folder");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (rename != null && !parts.isEmpty()) {
            parts.removeFirst();
            if (!rename.isEmpty()) {
                parts.addFirst(rename);
            }
        }
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        Path place = root;
        for (String part : parts) {
            place = place.resolve(part);
        }
        return Optional.of(place);
    }

    private void write(TarArchiveEntry entry, Path place, InputStream content) throws IOException {
        parents(place, true);
        if (entry.isDirectory()) {
            folder(entry, place);
        } else if (entry.isSymbolicLink()) {
            symbolicLink(entry, place);
        } else if (entry.isLink()) {
            hardLink(entry, place);
        } else if (!entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO()) {
            file(entry, place, content);
        } else {
            skipped.accept("left out " + entry.getName() + ": it is a device or a pipe");
        }
    }

    /** Every folder on the way exists, or is made, and is none by a link. */
    private void parents(Path place, boolean make) throws IOException {
        Path parent = root;
        Path way = root.relativize(place);
        for (int i = 0; i < way.getNameCount() - 1; i++) {
            parent = parent.resolve(way.getName(i));
            if (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
                if (!make) {
                    return;
                }
                Files.createDirectory(parent);
            } else if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(parent + " is no folder but a link or a file: nothing is written through it");
            }
        }
    }

    private void folder(TarArchiveEntry entry, Path place) throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(place + " is here already, and is no folder");
            }
            Files.createDirectory(place);
        }
        atEnd.push(() -> {
            try {
                Files.setPosixFilePermissions(place, permissions(entry.getMode()));
                Files.setLastModifiedTime(
                        place, FileTime.from(entry.getLastModifiedTime().toInstant()));
            } catch (IOException e) {
                skipped.accept("could not set the mode of " + place);
            }
        });
    }

    /** Written beside and moved over: a copy that breaks leaves what was there, and a link in its place is replaced. */
    private void file(TarArchiveEntry entry, Path place, InputStream content) throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(place + " is here already, and is a folder");
        }
        Path fresh = beside(place);
        try {
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(fresh, permissions(entry.getMode()));
            Files.setLastModifiedTime(
                    fresh, FileTime.from(entry.getLastModifiedTime().toInstant()));
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Path beside(Path place) throws IOException {
        try {
            return Files.createTempFile(place.getParent(), ".postern-", ".part");
        } catch (FileSystemException e) {
            String why = e instanceof AccessDeniedException ? "permission denied" : e.getReason();
            throw new IOException("no file can be made in " + place.getParent() + (why == null ? "" : ": " + why));
        }
    }

    private void symbolicLink(TarArchiveEntry entry, Path place) throws IOException {
        String target = entry.getLinkName();
        Path leads = place.resolveSibling(target).normalize();
        if (target.startsWith("/") || !leads.startsWith(root)) {
            skipped.accept("left out the link " + entry.getName() + " -> " + target + ": it leads out of the folder");
            return;
        }
        clear(place);
        Files.createSymbolicLink(place, Path.of(target));
    }

    private void hardLink(TarArchiveEntry entry, Path place) throws IOException {
        Optional<Path> target = place(entry.getLinkName());
        if (target.isEmpty() || target.get().equals(place)) {
            return;
        }
        parents(target.get(), false);
        if (!Files.isRegularFile(target.get(), LinkOption.NOFOLLOW_LINKS)) {
            skipped.accept("left out the link " + entry.getName() + ": what it is a link to is not in the archive");
            return;
        }
        clear(place);
        Files.createLink(place, target.get());
    }

    private static void clear(Path place) throws IOException {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(place + " is here already, and is a folder");
            }
            Files.delete(place);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // owner read first, others execute last
        for (int i = 0; i < all.length; i++) {
            if ((mode & 1 << (all.length - 1 - i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }
}
