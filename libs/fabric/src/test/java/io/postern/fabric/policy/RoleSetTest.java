package io.postern.fabric.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleSetTest {
    @ParameterizedTest
    @CsvSource({
        // roles, semantic, id, attributes, matches
        "'#all', AllOf, x, '', true",
        "'#all #none', AllOf, x, '', true",
        "'@x', AllOf, x, '', true",
        "'@x', AllOf, y, '', false",
        "'@x #a', AllOf, x, '', true",
        "'@x #a', AllOf, y, 'a', true",
        "'#a #b', AllOf, y, 'a', false",
        "'#a #b', AllOf, y, 'a b c', true",
        "'#a #b', AnyOf, y, 'b', true",
        "'#a #b', AnyOf, y, 'c', false",
        "'@a', AnyOf, y, 'a', false",
        "'#a', AnyOf, a, '', false",
        "'', AllOf, x, 'a', false",
        "'', AnyOf, x, 'a', false"
    })
    void matchesByIdAndAttribute(String roles, Semantic semantic, String id, String attributes, boolean matches) {
        assertThat(RoleSet.parse(words(roles), semantic).matches(id, words(attributes)))
                .isEqualTo(matches);
    }

    @Test
    void namesEveryInvalidExpression() {
        assertThatThrownBy(() -> RoleSet.parse(List.of("@a", "b", "#", "@", ""), Semantic.AnyOf))
                .isInstanceOfSatisfying(
                        InvalidRoles.class, e -> assertThat(e.roles()).containsExactly("b", "#", "@", ""));
    }

    @Test
    void tellsWhatItNames() {
        RoleSet set = RoleSet.parse(List.of("@a", "@a", "#b"), Semantic.AnyOf);
        assertThat(set.ids()).isEqualTo(Set.of("a"));
        assertThat(set.attributes()).isEqualTo(Set.of("b"));
        assertThat(set.all()).isFalse();
    }

    @Test
    void readsTheSemanticOfTheApi() {
        assertThat(Semantic.parse(null)).isEqualTo(Semantic.AllOf);
        assertThat(Semantic.parse("anyOf")).isEqualTo(Semantic.AnyOf);
        assertThatThrownBy(() -> Semantic.parse("some")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
