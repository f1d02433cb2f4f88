package io.postern.controller.fabric;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.api.filter.Filter;
import io.postern.api.filter.Filter.Literal;
import io.postern.api.filter.Filter.Subject;
import java.util.Locale;

/** Asks a view whether a filter admits it: comparisons of its plain fields, which is what lists in memory have. */
final class ViewFilter {
    private ViewFilter() {}

    static boolean admits(Filter filter, JsonNode view) {
        return switch (filter) {
            case Filter.Constant constant -> constant.value();
            case Filter.And and -> admits(and.left(), view) && admits(and.right(), view);
            case Filter.Or or -> admits(or.left(), view) || admits(or.right(), view);
            case Filter.Not not -> !admits(not.inner(), view);
            case Filter.Truth truth -> field(truth.subject(), view).asBoolean();
            case Filter.Compare compare -> compares(field(compare.subject(), view), compare);
            case Filter.In in -> in.values().stream().anyMatch(each -> order(field(in.subject(), view), each) == 0);
            case Filter.Between between ->
                order(field(between.subject(), view), between.low()) >= 0
                        && order(field(between.subject(), view), between.high()) < 0;
            case Filter.Empty empty ->
                field(new Subject.Plain(empty.set()), view).isEmpty();
        };
    }

    private static JsonNode field(Subject subject, JsonNode view) {
        if (!(subject instanceof Subject.Plain plain)) {
            throw Refusal.of(ErrorCode.INVALID_FILTER, "only plain fields can be compared here");
        }
        JsonNode found = view;
        for (String part : plain.symbol().split("\\.")) {
            found = found.path(part);
        }
        if (found.isMissingNode()) {
            throw Refusal.of(ErrorCode.INVALID_FILTER, "unknown symbol '" + plain.symbol() + "'");
        }
        return found;
    }

    private static boolean compares(JsonNode field, Filter.Compare compare) {
        String value = text(compare.value());
        int order = order(field, compare.value());
        return switch (compare.op()) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            case CONTAINS -> field.asText().contains(value);
            case ICONTAINS -> field.asText().toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
        };
    }

    private static int order(JsonNode field, Literal literal) {
        return switch (literal) {
            case Literal.Whole whole -> Double.compare(field.asDouble(), whole.value());
            case Literal.Real real -> Double.compare(field.asDouble(), real.value());
            default -> (field.isNull() ? "null" : field.asText()).compareTo(text(literal));
        };
    }

    private static String text(Literal literal) {
        return switch (literal) {
            case Literal.Text text -> text.value();
            case Literal.Whole whole -> String.valueOf(whole.value());
            case Literal.Real real -> String.valueOf(real.value());
            case Literal.Bool bool -> String.valueOf(bool.value());
            case Literal.Time time -> time.value().toString();
            case Literal.Null nothing -> "null";
        };
    }
}
