package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
    private static final Map<String, String> OURS = Map.of("HOME", "/here");

    @TempDir
    Path folder;

    @Test
    void aNameAloneHasOurValueWhereItIsSet() {
        assertThat(Environment.of(List.of(), List.of("A=1=2", "B=", "HOME", "NOT_SET", "C= x y "), OURS))
                .containsExactly("A=1=2", "B=", "HOME=/here", "C= x y ");
    }

    @Test
    void filesComeFirstAndHaveComments() throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "# of a test\n\n  A=1\nHOME\nB=# no comment\r\n");
        assertThat(Environment.of(List.of(file), List.of("A=2"), OURS))
                .containsExactly("A=1", "HOME=/here", "B=# no comment", "A=2");
    }

    @Test
    void whatIsNoVariableIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "A B=1\n");
        assertThatThrownBy(() -> Environment.of(List.of(), List.of("=x"), OURS))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("-e: ''");
        assertThatThrownBy(() -> Environment.of(List.of(file), List.of(), OURS))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("'A B'");
        assertThatThrownBy(() -> Environment.of(List.of(folder.resolve("none")), List.of(), OURS))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> Environment.of(List.of(folder), List.of(), OURS))
                .isInstanceOf(Failure.class);
    }
}
