package io.postern.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes a tar of a file or folder. Everything in it belongs to root: owners here mean nothing in a container. */
final class Packer {
    private Packer() {}

    /**
     * Packs.
     *
     * @param source file or folder; a link is followed when it is named itself, and packed as a link further down
     * @param name under which it is packed; empty for the contents of a folder alone
     * @param skipped told of files that are left out, a sentence each
     */
    static void pack(Path source, String name, OutputStream to, Consumer<String> skipped) throws IOException {
        // Not closed here: after a failure that would end the archive as if it were whole.
        TarArchiveOutputStream tar = new TarArchiveOutputStream(to);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        Path root = source.toRealPath();
        Files.walkFileTree(root, visitor(root, name, tar, skipped));
        tar.finish();
        tar.flush();
    }

    private static FileVisitor<Path> visitor(
            Path root, String name, TarArchiveOutputStream tar, Consumer<String> skipped) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                String path = named(folder);
                if (!path.isEmpty()) {
                    tar.putArchiveEntry(entry(path + "/", TarConstants.LF_DIR, folder, attributes));
                    tar.closeArchiveEntry();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    TarArchiveEntry link = entry(named(file), TarConstants.LF_SYMLINK, file, attributes);
                    link.setLinkName(Files.readSymbolicLink(file).toString());
                    link.setSize(0);
                    tar.putArchiveEntry(link);
                    tar.closeArchiveEntry();
                } else if (attributes.isRegularFile()) {
                    TarArchiveEntry entry = entry(named(file), TarConstants.LF_NORMAL, file, attributes);
                    entry.setSize(attributes.size());
                    tar.putArchiveEntry(entry);
                    copy(file, attributes.size(), tar);
                    tar.closeArchiveEntry();
                } else {
                    skipped.accept("left out " + file + ": it is a socket, a device or a pipe");
                }
                return FileVisitResult.CONTINUE;
            }

            private String named(Path path) {
                String below = root.relativize(path).toString();
                return below.isEmpty() || name.isEmpty() ? name + below : name + "/" + below;
            }
        };
    }

    private static TarArchiveEntry entry(String name, byte kind, Path file, BasicFileAttributes attributes)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setModTime(attributes.lastModifiedTime());
        if (kind != TarConstants.LF_SYMLINK) {
            entry.setMode(mode(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)));
        }
        return entry;
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        PosixFilePermission[] all = PosixFilePermission.values(); // owner read first, others execute last
        for (int i = 0; i < all.length; i++) {
            mode |= permissions.contains(all[i]) ? 1 << (all.length - 1 - i) : 0;
        }
        return mode;
    }

    /** A file that grows meanwhile is cut where it ended. */
    private static void copy(Path file, long size, OutputStream to) throws IOException {
        byte[] piece = new byte[64 * 1024];
        long left = size;
        try (var in = Files.newInputStream(file)) {
            while (left > 0) {
                int n = in.read(piece, 0, (int) Math.min(piece.length, left));
                if (n < 0) {
                    throw new IOException(file + " became shorter while it was copied");
                }
                to.write(piece, 0, n);
                left -= n;
            }
        }
    }
}
