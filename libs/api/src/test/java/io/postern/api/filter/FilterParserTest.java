package io.postern.api.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.api.ErrorCode;
import io.postern.api.Paging;
import io.postern.api.Refusal;
import io.postern.api.filter.Filter.Compare;
import io.postern.api.filter.Filter.Literal;
import io.postern.api.filter.Filter.Op;
import io.postern.api.filter.Filter.Subject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {
    private static Filter filter(String text) {
        return FilterParser.parse(text).filter();
    }

    private static Compare text(String symbol, Op op, String value) {
        return new Compare(new Subject.Plain(symbol), op, new Literal.Text(value));
    }

    @Test
    void precedenceIsNotThenAndThenOr() {
        assertThat(filter("a=\"1\" or not b=\"2\" and c=\"3\""))
                .isEqualTo(new Filter.Or(
                        text("a", Op.EQ, "1"),
                        new Filter.And(new Filter.Not(text("b", Op.EQ, "2")), text("c", Op.EQ, "3"))));
    }

    @Test
    void tailWinsOverUrlParameters() {
        ListQuery query = ListQuery.of("true sort by createdAt desc, name skip 2 limit none", "id", "3", "4");
        assertThat(query.filter()).isEqualTo(Filter.ALL);
        assertThat(query.sorts()).containsExactly(new Sort("createdAt", true), new Sort("name", false));
        assertThat(query.paging()).isEqualTo(new Paging(Paging.NONE, 2));
        assertThat(ListQuery.of("limit none", null, null, null).paging().limit())
                .isEqualTo(Paging.NONE);
    }

    @Test
    void everyOperatorIsRead() {
        assertThat(filter("name icontains \"x\"")).isEqualTo(text("name", Op.ICONTAINS, "x"));
        assertThat(filter("name not contains \"x\"")).isEqualTo(new Filter.Not(text("name", Op.CONTAINS, "x")));
        assertThat(filter("cost between 1 and 5"))
                .isEqualTo(new Filter.Between(new Subject.Plain("cost"), new Literal.Whole(1), new Literal.Whole(5)));
        assertThat(filter("name not in [\"a\",\"b\"]"))
                .isEqualTo(new Filter.Not(new Filter.In(
                        new Subject.Plain("name"), List.of(new Literal.Text("a"), new Literal.Text("b")))));
        assertThat(filter("createdAt >= datetime(2020-01-01T00:00:00Z)"))
                .isEqualTo(new Compare(
                        new Subject.Plain("createdAt"),
                        Op.GE,
                        new Literal.Time(Instant.parse("2020-01-01T00:00:00Z"))));
        assertThat(filter("tags.a.b != null"))
                .isEqualTo(new Compare(new Subject.Plain("tags.a.b"), Op.NE, new Literal.Null()));
        assertThat(filter("isAdmin")).isEqualTo(new Filter.Truth(new Subject.Plain("isAdmin")));
        assertThat(filter("cost < -1.5e3"))
                .isEqualTo(new Compare(new Subject.Plain("cost"), Op.LT, new Literal.Real(-1500)));
    }

    @Test
    void setFunctions() {
        assertThat(filter("anyOf(roleAttributes)=\"x\""))
                .isEqualTo(new Compare(new Subject.AnyOf("roleAttributes"), Op.EQ, new Literal.Text("x")));
        assertThat(filter("count(roleAttributes) > 2"))
                .isEqualTo(new Compare(new Subject.Count("roleAttributes", Filter.ALL), Op.GT, new Literal.Whole(2)));
        assertThat(filter("not isEmpty(roleAttributes) sort by name"))
                .isEqualTo(new Filter.Not(new Filter.Empty("roleAttributes", Filter.ALL)));
        assertThat(filter("isEmpty(from services where name=\"x\")"))
                .isEqualTo(new Filter.Empty("services", text("name", Op.EQ, "x")));
    }

    @Test
    void escapesAreTolerant() {
        assertThat(filter("name=\"a\\\"b\\\\c\\n\\d\"")).isEqualTo(text("name", Op.EQ, "a\"b\\c\n\\d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name =",
                "name = \"a\" and",
                "(true",
                "true)",
                "name = 'x'",
                "name like \"x\"",
                "limit x",
                "true foo",
                "name = \"x",
                "1 = 1",
                "name in []",
                "f(x) = 1",
                "createdAt > datetime(soon)",
                "createdAt > datetime(+999999999-12-31T23:59:59Z)",
                "createdAt > datetime(0000-01-01T00:00:00Z)",
                "name = \"a\0b\"",
                "name contains \"\\\0\"",
                "a = 1e",
                "limit 1.5"
            })
    void nonsenseIsRefused(String text) {
        assertThatThrownBy(() -> FilterParser.parse(text))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FILTER));
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> filter("(".repeat(5000) + "true" + ")".repeat(5000)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("too deep");
    }

    @Test
    void pagingRules() {
        assertThat(Paging.parse(null, null)).isEqualTo(new Paging(10, 0));
        assertThat(Paging.parse("0", "-5")).isEqualTo(new Paging(10, 0));
        assertThat(Paging.parse("-2", "100001")).isEqualTo(new Paging(10, 100_000));
        assertThat(Paging.parse("5000", "1")).isEqualTo(new Paging(500, 1));
        assertThat(Paging.parse("-1", null).limit()).isEqualTo(Paging.NONE);
        assertThatThrownBy(() -> Paging.parse("abc", null))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PAGINATION));
        assertThatThrownBy(() -> ListQuery.of(null, "name sideways", null, null))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_SORT_IDENTIFIER));
    }
}
