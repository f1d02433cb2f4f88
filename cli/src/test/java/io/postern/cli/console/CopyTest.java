package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Copies both ways, the way of names that {@code docker cp} has. */
@Timeout(120)
class CopyTest {
    @TempDir
    Path folder;

    private Path box;
    private Path here;
    private FakeProxy fake;

    @BeforeEach
    void start() throws Exception {
        box = Files.createDirectory(folder.resolve("box"));
        here = Files.createDirectory(folder.resolve("here"));
        fake = new FakeProxy(box);
        Files.createDirectories(here.resolve("tree/deep"));
        Files.writeString(here.resolve("tree/deep/file"), "content");
        Files.setPosixFilePermissions(here.resolve("tree/deep/file"), PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void stop() throws Exception {
        fake.close();
    }

    private void copy(String source, String target) throws Exception {
        CopyCommand command = new CopyCommand();
        new CommandLine(command).parseArgs(source, target);
        try (ProxyClient client = fake.client(fake.port())) {
            command.copy(client);
        }
    }

    @Test
    void aFolderGoesInAndComesBack() throws Exception {
        copy(here.resolve("tree").toString(), "here/box:/new");
        assertThat(box.resolve("new/deep/file")).hasContent("content");
        copy(here.resolve("tree").toString(), "here/box:/new");
        assertThat(box.resolve("new/tree/deep/file")).hasContent("content");
        copy(here.resolve("tree") + "/.", "here/box:/new/tree");
        assertThat(box.resolve("new/tree/deep/file")).hasContent("content");
        copy("here/box:/new", here.resolve("back").toString());
        assertThat(here.resolve("back/tree/deep/file")).hasContent("content");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(here.resolve("back/deep/file"))))
                .isEqualTo("rwx--x--x");
        copy("here/box:/new/.", here.resolve("tree").toString());
        assertThat(here.resolve("tree/tree/deep/file")).hasContent("content");
    }

    @Test
    void aFileIsRenamedOrPutIntoAFolder() throws Exception {
        Path file = here.resolve("tree/deep/file");
        copy(file.toString(), "here/box:/other");
        assertThat(box.resolve("other")).hasContent("content");
        Files.createDirectory(box.resolve("dir"));
        copy(file.toString(), "here/box:/dir");
        assertThat(box.resolve("dir/file")).hasContent("content");
        copy("here/box:/dir/file", here.resolve("renamed").toString());
        assertThat(here.resolve("renamed")).hasContent("content");
        Files.writeString(box.resolve("other"), "changed");
        copy("here/box:/other", here.resolve("renamed").toString());
        assertThat(here.resolve("renamed")).hasContent("changed");
    }

    @Test
    void aSlashBehindTheTargetMakesAFolderForAFolderOnly() throws Exception {
        copy(here.resolve("tree").toString(), "box:/fresh/");
        assertThat(box.resolve("fresh/deep/file")).hasContent("content");
        copy("box:fresh", here + "/back/");
        assertThat(here.resolve("back/deep/file")).hasContent("content");
        Assertions.assertThatThrownBy(() -> copy("box:fresh/deep/file", here + "/none/"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("there is no folder " + here + "/none/");
        assertThat(here.resolve("none")).doesNotExist();
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        Files.createSymbolicLink(here.resolve("dangling"), Path.of("nothing"));
        Assertions.assertThatThrownBy(() -> copy(here.resolve("dangling").toString(), "here/box:/x"))
                .hasMessageContaining("link to nothing");
        Assertions.assertThatThrownBy(() -> copy("here/box:/x", "here/box:/y")).hasMessageContaining("Both are in");
        Assertions.assertThatThrownBy(() -> copy("here/box:/none", here.toString()))
                .hasMessage("There is no such file in the container.");
        Assertions.assertThatThrownBy(() -> copy(here.resolve("none").toString(), "here/box:/x"))
                .isInstanceOf(Failure.class);
        Assertions.assertThatThrownBy(() -> copy(here.resolve("tree/deep/file").toString(), "here/box:/none/"))
                .hasMessageContaining("no folder");
        Assertions.assertThatThrownBy(() -> copy("a", "b")).hasMessageContaining("[HOST/]NAME:PATH");
    }
}
