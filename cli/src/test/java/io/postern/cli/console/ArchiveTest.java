package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that we make, and archives that strangers make. */
class ArchiveTest {
    @TempDir
    Path folder;

    private final List<String> skipped = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
    private Path root;
    private Path outside;

    @BeforeEach
    void folders() throws IOException {
        root = Files.createDirectory(folder.resolve("target"));
        outside = Files.createDirectory(folder.resolve("outside"));
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    private void entry(String name, byte kind, @Nullable String link, int mode, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        entry.setMode(mode);
        if (link != null) {
            entry.setLinkName(link);
        }
        entry.setSize(text.length);
        tar.putArchiveEntry(entry);
        tar.write(text);
        tar.closeArchiveEntry();
    }

    private void file(String name, String content) throws IOException {
        entry(name, TarConstants.LF_NORMAL, null, 0100644, content);
    }

    private void unpack(@Nullable String rename) throws IOException {
        tar.finish();
        new Unpacker(root, rename, skipped::add).unpack(new ByteArrayInputStream(bytes.toByteArray()));
    }

    @Test
    void whatIsPackedComesOutTheSame() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        String deep = "a-name-of-forty-letters-for-a-long-path/".repeat(5);
        Path file = Files.createDirectories(source.resolve(deep)).resolve("größe.txt");
        Files.writeString(file, "x".repeat(200_000));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("empty"));
        Files.writeString(source.resolve("empty"), "");
        Packer.pack(source, "renamed", bytes, skipped::add);
        new Unpacker(root, null, skipped::add).unpack(new ByteArrayInputStream(bytes.toByteArray()));
        Path copy = root.resolve("renamed").resolve(deep).resolve("größe.txt");
        assertThat(copy).hasSameBinaryContentAs(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rwxr-x---");
        assertThat(Files.getLastModifiedTime(copy).toMillis() / 1000)
                .isEqualTo(Files.getLastModifiedTime(file).toMillis() / 1000);
        assertThat(Files.readSymbolicLink(root.resolve("renamed/link"))).isEqualTo(Path.of("empty"));
        assertThat(skipped).isEmpty();
    }

    @Test
    void namesThatLeadOutAreRefused() throws IOException {
        file("../evil", "x");
        assertThatThrownBy(() -> unpack(null)).hasMessageContaining("leads out");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void absoluteNamesStayInside() throws IOException {
        file("/etc/passwd", "x");
        unpack(null);
        assertThat(root.resolve("etc/passwd")).hasContent("x");
    }

    @Test
    void nothingIsWrittenThroughALinkThatTheArchiveBrought() throws IOException {
        entry("top/way", TarConstants.LF_SYMLINK, "inner", 0777, "");
        file("top/way/file", "x");
        assertThatThrownBy(() -> unpack(null)).hasMessageContaining("nothing is written through it");
    }

    @Test
    void nothingIsWrittenThroughALinkThatWasThere() throws IOException {
        Files.createSymbolicLink(root.resolve("way"), outside);
        file("way/file", "x");
        assertThatThrownBy(() -> unpack(null)).hasMessageContaining("nothing is written through it");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aLinkInTheWayOfAFileIsReplacedNotFollowed() throws IOException {
        Path victim = Files.writeString(outside.resolve("victim"), "mine");
        Files.createSymbolicLink(root.resolve("file"), victim);
        file("file", "theirs");
        unpack(null);
        assertThat(victim).hasContent("mine");
        assertThat(Files.isRegularFile(root.resolve("file"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void linksThatLeadOutAreLeftOut() throws IOException {
        entry("a", TarConstants.LF_SYMLINK, "/etc/passwd", 0777, "");
        entry("b", TarConstants.LF_SYMLINK, "../outside", 0777, "");
        entry("c", TarConstants.LF_LINK, "etc/none", 0777, "");
        entry("d", TarConstants.LF_CHR, null, 0666, "");
        file("e", "kept");
        unpack(null);
        assertThat(skipped).hasSize(4);
        assertThat(root.resolve("e")).hasContent("kept");
        assertThat(Files.list(root)).hasSize(1);
    }

    @Test
    void aHardLinkCannotReachThroughALink() throws IOException {
        Files.writeString(outside.resolve("victim"), "mine");
        Files.createSymbolicLink(root.resolve("way"), outside);
        entry("stolen", TarConstants.LF_LINK, "way/victim", 0777, "");
        assertThatThrownBy(() -> unpack(null)).hasMessageContaining("nothing is written through it");
    }

    @Test
    void specialBitsAreDroppedAndReadOnlyFoldersFilled() throws IOException {
        entry("top/", TarConstants.LF_DIR, null, 0555, "");
        entry("top/su", TarConstants.LF_NORMAL, null, 0104755, "x");
        unpack("other");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("other"))))
                .isEqualTo("r-xr-xr-x");
        assertThat((int) Files.getAttribute(root.resolve("other/su"), "unix:mode") & 07777)
                .isEqualTo(0755);
        Files.setPosixFilePermissions(root.resolve("other"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theContentsAloneGoIntoTheFolder() throws IOException {
        entry("top/", TarConstants.LF_DIR, null, 0755, "");
        file("top/a", "1");
        unpack("");
        assertThat(root.resolve("a")).hasContent("1");
        assertThat(root.resolve("top")).doesNotExist();
    }

    @Test
    void aBrokenArchiveLeavesTheOldFile() throws IOException {
        Files.writeString(root.resolve("file"), "old");
        file("file", "new".repeat(10_000));
        tar.finish();
        byte[] half = java.util.Arrays.copyOf(bytes.toByteArray(), 8000);
        assertThatThrownBy(() -> new Unpacker(root, null, skipped::add).unpack(new ByteArrayInputStream(half)))
                .isInstanceOf(IOException.class);
        assertThat(root.resolve("file")).hasContent("old");
        assertThat(Files.list(root)).hasSize(1);
    }
}
