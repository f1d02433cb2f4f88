package io.postern.wsproxy.zun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.wsproxy.front.Refused;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void splitsAsAShellWould() {
        assertThat(CommandLine.split("\"/bin/sh\" \"-c\" \"echo a b\"")).containsExactly("/bin/sh", "-c", "echo a b");
        assertThat(CommandLine.split("ls  -l 'a \"b' c\\ d \"\" e\"f\"g"))
                .containsExactly("ls", "-l", "a \"b", "c d", "", "efg");
        assertThat(CommandLine.split("\"a\\\"b\\n\"")).containsExactly("a\"b\\n");
        assertThat(CommandLine.split(" ")).isEmpty();
        assertThatThrownBy(() -> CommandLine.split("\"a")).isInstanceOf(Refused.class);
    }
}
