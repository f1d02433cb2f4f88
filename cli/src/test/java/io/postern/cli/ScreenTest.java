package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"\u001b[31mred", "a\nb", "a\rb", "\u0007", "\u009b2J", "a\u2028b", "\u202Eevil", "\uD800", "\t"})
    void nothingSteersTheTerminal(String text) {
        assertThat(Screen.line(text)).contains("\uFFFD").hasSameSizeAs(text).doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void otherTextsStayAsTheyAre() {
        for (String text : new String[] {"web 1", "größe", "東京", "e\u0301", "👩\u200D💻"}) {
            assertThat(Screen.line(text)).isEqualTo(text);
        }
        assertThat(Screen.lines("a\nb\u001b")).isEqualTo("a\nb\uFFFD");
    }

    @ParameterizedTest
    @CsvSource({"web,3", "größe,5", "東京,4", "e\u0301,1", "ｗ,2", "한글,4", "🚀,2", "'',0"})
    void widthIsInColumns(String text, int columns) {
        assertThat(Screen.width(text)).isEqualTo(columns);
        assertThat(Screen.padded(text, 10)).startsWith(text).hasSize(10 - columns + text.length());
    }

    @ParameterizedTest
    @CsvSource({"abcdef,6,abcdef", "abcdefg,6,abcde…", "東京東京,8,東京東京", "東京東京,7,東京東…", "東京東京,6,東京…"})
    void aCutIsSeenAndFits(String text, int columns, String cut) {
        assertThat(Screen.cut(text, columns)).isEqualTo(cut);
        assertThat(Screen.width(cut)).isLessThanOrEqualTo(columns);
    }
}
