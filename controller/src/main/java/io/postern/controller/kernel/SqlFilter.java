package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.api.filter.Filter;
import io.postern.api.filter.Filter.Literal;
import io.postern.api.filter.Filter.Op;
import io.postern.api.filter.Filter.Subject;
import io.postern.api.filter.Sort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Compiles a filter to SQL against a kind's declared fields. Every value the caller wrote becomes a bound parameter; the
 * SQL text itself is made of our own pieces only.
 */
class SqlFilter {
    private final Map<String, Field> fields;
    private final List<Object> values = new ArrayList<>();

    SqlFilter(Map<String, Field> fields) {
        this.fields = fields;
    }

    List<Object> values() {
        return values;
    }

    String scope(Scope scope) {
        var sql = new StringBuilder();
        int next = 0;
        for (char c : scope.sql().toCharArray()) {
            sql.append(c == '?' ? bind(scope.values().get(next++)) : String.valueOf(c));
        }
        return "(" + sql + ")";
    }

    String where(Filter filter) {
        return switch (filter) {
            case Filter.Constant(boolean value) -> value ? "true" : "false";
            case Filter.And(Filter left, Filter right) -> "(" + where(left) + " and " + where(right) + ")";
            case Filter.Or(Filter left, Filter right) -> "(" + where(left) + " or " + where(right) + ")";
            case Filter.Not(Filter inner) -> "(" + where(inner) + " is not true)";
            case Filter.Truth(Subject subject) -> test(subject, new Test.Compare(Op.EQ, new Literal.Bool(true)));
            case Filter.Compare(Subject subject, Op op, Literal value) -> test(subject, new Test.Compare(op, value));
            case Filter.In(Subject subject, List<Literal> all) -> test(subject, new Test.In(all));
            case Filter.Between(Subject subject, Literal low, Literal high) ->
                test(subject, new Test.Between(low, high));
            case Filter.Empty(String set, Filter where) -> "not " + exists(set, where);
        };
    }

    String orderBy(List<Sort> sorts) {
        var keys = new StringJoiner(", ");
        for (Sort sort : sorts) {
            Resolved key = resolve(sort.symbol(), ErrorCode.INVALID_SORT_IDENTIFIER);
            if (key.type() == Field.Type.SET) {
                throw Refusal.of(ErrorCode.INVALID_SORT_IDENTIFIER, "'" + sort.symbol() + "' is a set");
            }
            keys.add(key.sql() + (sort.descending() ? " desc" : ""));
        }
        return keys.add("e.id").toString();
    }

    /** What stands right of a subject. */
    private sealed interface Test {
        record Compare(Op op, Literal value) implements Test {}

        record In(List<Literal> values) implements Test {}

        record Between(Literal low, Literal high) implements Test {}
    }

    private record Resolved(String symbol, String sql, Field.Type type) {}

    private String test(Subject subject, Test test) {
        Resolved left = resolve(subject.symbol(), ErrorCode.INVALID_FILTER);
        if (subject instanceof Subject.Count(String symbol, Filter where)) {
            return scalar(new Resolved(symbol, count(left, where), Field.Type.NUMBER), test);
        }
        if (left.type() != Field.Type.SET) {
            return scalar(left, test);
        }
        if (test instanceof Test.Compare(Op op, Literal.Text(String value))
                && op == Op.EQ
                && !(subject instanceof Subject.AllOf)) {
            return left.sql() + " @> cast(array[" + bind(value) + "] as text[])";
        }
        Resolved element = new Resolved(left.symbol(), "x.v", Field.Type.TEXT);
        return subject instanceof Subject.AllOf
                ? "not exists (select from unnest(" + left.sql() + ") x(v) where " + scalar(element, test)
                        + " is not true)"
                : "exists (select from unnest(" + left.sql() + ") x(v) where " + scalar(element, test) + ")";
    }

    private String scalar(Resolved left, Test test) {
        return switch (test) {
            case Test.Compare(Op op, Literal value) -> compare(left, op, value);
            case Test.In(List<Literal> all) -> {
                var options = new StringJoiner(" or ", "(", ")");
                all.forEach(value -> options.add(compare(left, Op.EQ, value)));
                yield options.toString();
            }
            case Test.Between(Literal low, Literal high) ->
                "(" + compare(left, Op.GE, low) + " and " + compare(left, Op.LT, high) + ")";
        };
    }

    private String compare(Resolved left, Op op, Literal value) {
        if (value instanceof Literal.Null) {
            return switch (op) {
                case EQ -> "(" + left.sql() + " is null)";
                case NE -> "(" + left.sql() + " is not null)";
                default -> throw refuse(left, "null has no order");
            };
        }
        Resolved typed = left.type() == Field.Type.JSON ? member(left, value) : left;
        String right = bind(typed, value);
        return switch (op) {
            case EQ -> "(" + typed.sql() + " = " + right + ")";
            case NE -> "(" + typed.sql() + " is distinct from " + right + ")";
            case LT -> "(" + typed.sql() + " < " + right + ")";
            case LE -> "(" + typed.sql() + " <= " + right + ")";
            case GT -> "(" + typed.sql() + " > " + right + ")";
            case GE -> "(" + typed.sql() + " >= " + right + ")";
            case CONTAINS -> "(strpos(" + text(typed) + ", " + right + ") > 0)";
            case ICONTAINS -> "(strpos(lower(" + text(typed) + "), lower(" + right + ")) > 0)";
        };
    }

    private static String text(Resolved left) {
        if (left.type() != Field.Type.TEXT) {
            throw refuse(left, "is not text");
        }
        return left.sql();
    }

    /** A tag compares as what it is compared with. */
    private static Resolved member(Resolved left, Literal value) {
        return switch (value) {
            case Literal.Whole w -> new Resolved(left.symbol(), numeric(left.sql()), Field.Type.NUMBER);
            case Literal.Real r -> new Resolved(left.symbol(), numeric(left.sql()), Field.Type.NUMBER);
            default -> new Resolved(left.symbol(), left.sql(), Field.Type.TEXT);
        };
    }

    private static String numeric(String text) {
        return "(case when " + text + " ~ '^-{0,1}[0-9]{1,18}([.][0-9]{1,18}){0,1}$' then cast(" + text
                + " as numeric) end)";
    }

    private String bind(Resolved left, Literal value) {
        return switch (left.type()) {
            case TEXT -> "cast(" + bind(textOf(value)) + " as text)";
            case NUMBER ->
                switch (value) {
                    case Literal.Whole(long whole) -> "cast(" + bind(whole) + " as bigint)";
                    case Literal.Real(double real) -> "cast(" + bind(real) + " as double precision)";
                    default -> throw refuse(left, "is a number");
                };
            case BOOL -> {
                if (value instanceof Literal.Bool(boolean truth)) {
                    yield truth ? "true" : "false";
                }
                throw refuse(left, "is true or false");
            }
            case TIME -> {
                if (value instanceof Literal.Time(var instant)) {
                    yield "cast(cast(" + bind(instant.toString()) + " as text) as timestamptz)";
                }
                throw refuse(left, "is a datetime(…)");
            }
            case SET, JSON -> throw refuse(left, "has no single value");
        };
    }

    private static String textOf(Literal value) {
        return switch (value) {
            case Literal.Text(String text) -> text;
            case Literal.Whole(long whole) -> Long.toString(whole);
            case Literal.Real(double real) -> Double.toString(real);
            case Literal.Bool(boolean truth) -> Boolean.toString(truth);
            case Literal.Time(var instant) -> instant.toString();
            case Literal.Null ignored -> throw new IllegalStateException("null is compared elsewhere");
        };
    }

    private String exists(String set, Filter where) {
        Resolved left = resolve(set, ErrorCode.INVALID_FILTER);
        if (left.type() != Field.Type.SET) {
            throw refuse(left, "is not a set");
        }
        return "exists (select from unnest(" + left.sql() + ") x(v) where " + elements(set, where) + ")";
    }

    private String count(Resolved left, Filter where) {
        if (left.type() != Field.Type.SET) {
            throw refuse(left, "is not a set");
        }
        return "(select count(*) from unnest(" + left.sql() + ") x(v) where " + elements(left.symbol(), where) + ")";
    }

    /** Inside a sub-query the set's elements go by {@code id} or by the set's own name. */
    private String elements(String set, Filter where) {
        if (where.equals(Filter.ALL)) {
            return "true";
        }
        Field element = new Field("x.v", Field.Type.TEXT);
        var inner = new SqlFilter(Map.of("id", element, set, element)) {
            @Override
            String bind(Object value) {
                return SqlFilter.this.bind(value);
            }
        };
        return inner.where(where);
    }

    private Resolved resolve(String symbol, ErrorCode code) {
        Field field = fields.get(symbol);
        if (field != null && field.type() != Field.Type.JSON) {
            return new Resolved(symbol, field.sql(), field.type());
        }
        int dot = symbol.indexOf('.');
        Field object = dot < 0 ? field : fields.get(symbol.substring(0, dot));
        if (object == null || object.type() != Field.Type.JSON) {
            throw Refusal.of(code, "unknown symbol '" + symbol + "'");
        }
        if (dot < 0) {
            return new Resolved(symbol, "cast(" + object.sql() + " as text)", Field.Type.TEXT);
        }
        String path = symbol.substring(dot + 1);
        var keys = new StringJoiner(", ", "cast(array[", "] as text[])");
        for (String key : path.split("\\.", -1)) {
            keys.add(bind(key));
        }
        String member = "coalesce(" + object.sql() + " ->> cast(" + bind(path) + " as text), " + object.sql() + " #>> "
                + keys + ")";
        return new Resolved(symbol, member, Field.Type.JSON);
    }

    String bind(Object value) {
        values.add(value);
        return "$" + values.size();
    }

    private static Refusal refuse(Resolved left, String why) {
        return Refusal.of(ErrorCode.INVALID_FILTER, "'" + left.symbol() + "' " + why);
    }
}
