package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "name = \"a\" | name = \"a\" | '' | false",
                "true skip 2 limit 3 | true | skip 2 limit 3 | true",
                "TRUE Sort By name LIMIT none | TRUE | Sort By name LIMIT none | true",
                "limit 3 | '' | limit 3 | true",
                "sort by name | '' | sort by name | false",
                "name = \"x limit 3\" | name = \"x limit 3\" | '' | false",
                "name = \"a\\\" limit 3\" | name = \"a\\\" limit 3\" | '' | false",
                "anyOf(from services where true limit 3) | anyOf(from services where true limit 3) | '' | false",
                "limit = 3 | limit = 3 | '' | false",
                "tags.limit = 3 skip 1 | tags.limit = 3 | skip 1 | true",
            })
    void aTextIsCutWhereItsConditionEnds(String text, String condition, String tail, boolean pages) {
        FilterText filter = FilterText.of(text);
        assertThat(filter).isEqualTo(new FilterText(condition, tail, true));
        assertThat(filter.pages()).isEqualTo(pages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false) or (true", "(a = 1", "a = 1)", "name = \"x", "a = 1) or name = \"(\""})
    void halvesAreSeen(String text) {
        assertThat(FilterText.of(text).whole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "b = 2 | (a = 1) and (b = 2)",
                "b = 2 sort by c limit 3 | (a = 1) and (b = 2) sort by c limit 3",
                "limit 3 | a = 1 limit 3"
            })
    void anotherConditionComesBeforeTheTail(String text, String both) {
        assertThat(FilterText.of(text).and("a = 1")).isEqualTo(both);
    }
}
