package io.postern.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeysTest {
    private final ByteArrayOutputStream on = new ByteArrayOutputStream();

    private Keys.Wish typed(Keys keys, String... pieces) {
        Keys.Wish wish = Keys.Wish.NOTHING;
        for (String piece : pieces) {
            byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
            wish = keys.feed(bytes, bytes.length, on);
        }
        return wish;
    }

    private String passed() {
        return on.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void tildeDotLeavesAtTheBeginningOfALineOnly() {
        assertThat(typed(new Keys('~', new byte[0]), "~.")).isEqualTo(Keys.Wish.LEAVE);
        assertThat(typed(new Keys('~', new byte[0]), "ls\r", "~", ".")).isEqualTo(Keys.Wish.LEAVE);
        on.reset();
        assertThat(typed(new Keys('~', new byte[0]), "cd x~.")).isEqualTo(Keys.Wish.NOTHING);
        assertThat(passed()).isEqualTo("cd x~.");
    }

    /** Some shells ask for the cursor at every prompt; the answer comes by the way of what is typed. */
    @Test
    void whatTheTerminalAnswersIsNotTyped() {
        for (String answer : new String[] {
            "\u001b[30;5R", "\u001b[?1;2c", "\u001b]11;rgb:0/0/0\u0007", "\u001bP1$r0m\u001b\\", "\u001b[I"
        }) {
            on.reset();
            assertThat(typed(new Keys('~', new byte[0]), "ls\r", answer, "~."))
                    .as(answer)
                    .isEqualTo(Keys.Wish.LEAVE);
            assertThat(passed()).isEqualTo("ls\r" + answer);
            assertThat(typed(new Keys('~', new byte[0]), "cd x", answer, "~."))
                    .as(answer)
                    .isEqualTo(Keys.Wish.NOTHING);
        }
        for (String key : new String[] {"\u001b[A", "\u001bx", "\u001b[3~"}) {
            assertThat(typed(new Keys('~', new byte[0]), "ls\r", key, "~.")).isEqualTo(Keys.Wish.NOTHING);
        }
        assertThat(typed(new Keys('~', new byte[0]), "\u001b]half\r", "~.")).isEqualTo(Keys.Wish.LEAVE);
    }

    @Test
    void aDoubledTildeIsOneAndAnyOtherIsKept() {
        Keys keys = new Keys('~', new byte[0]);
        assertThat(typed(keys, "~~.", "\r~/bin", "\r~?")).isEqualTo(Keys.Wish.HELP);
        assertThat(passed()).isEqualTo("~.\r~/bin\r");
    }

    @Test
    void detachKeysLeaveHoweverTheyAreCut() {
        byte[] keys = Keys.sequence("ctrl-p,ctrl-q");
        assertThat(keys).containsExactly(16, 17);
        assertThat(typed(new Keys('~', keys), "ab\u0010\u0011cd")).isEqualTo(Keys.Wish.LEAVE);
        assertThat(passed()).isEqualTo("ab");
        on.reset();
        assertThat(typed(new Keys('~', keys), "\u0010", "\u0010", "\u0011")).isEqualTo(Keys.Wish.LEAVE);
        assertThat(passed()).isEqualTo("\u0010");
    }

    @Test
    void heldKeysAreLetGo() {
        Keys keys = new Keys('~', Keys.sequence("ctrl-p,ctrl-q"));
        typed(keys, "\u0010");
        assertThat(keys.holds()).isTrue();
        assertThat(passed()).isEmpty();
        keys.release(on);
        assertThat(keys.holds()).isFalse();
        typed(keys, "\u0011", "\u0010x");
        assertThat(passed()).isEqualTo("\u0010\u0011\u0010x");
    }

    @Test
    void everyByteGoesThroughWithoutKeysOfOurs() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertThat(new Keys(-1, new byte[0]).feed(all, 256, on)).isEqualTo(Keys.Wish.NOTHING);
        assertThat(on.toByteArray()).isEqualTo(all);
    }

    @Test
    void sequencesThatAreNoneAreRefused() {
        assertThat(Keys.sequence("")).isEmpty();
        assertThat(Keys.sequence("a,ctrl-[")).containsExactly('a', 27);
        assertThatThrownBy(() -> Keys.sequence("ctrl-1")).hasMessageContaining("ctrl-1");
        assertThatThrownBy(() -> Keys.sequence("enter")).hasMessageContaining("enter");
    }
}
