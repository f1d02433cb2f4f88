package io.postern.api.filter;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.postern.api.filter.Filter.Literal;
import io.postern.api.filter.Filter.Op;
import io.postern.api.filter.Filter.Subject;
import io.postern.api.filter.Lexer.BadSyntax;
import io.postern.api.filter.Lexer.Kind;
import io.postern.api.filter.Lexer.Token;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent over {@code [boolExpr] [sort by f [asc|desc],…] [skip N] [limit N|none]} (SDK sheet 2.4). Keywords
 * are case-insensitive; nesting is bounded.
 */
public final class FilterParser {
    private static final int MAX_DEPTH = 64;

    /** @param limit -1 for {@code none}, null when not given */
    public record Parsed(
            Filter filter,
            List<Sort> sorts,
            @Nullable Long skip,
            @Nullable Long limit) {}

    private final Lexer lexer;
    private int depth;

    private FilterParser(String text) {
        this.lexer = new Lexer(text);
    }

    /** Reads a whole filter. Blank text admits everything. */
    public static Parsed parse(String text) {
        try {
            var parser = new FilterParser(text);
            Parsed parsed = parser.query();
            parser.expectEnd();
            return parsed;
        } catch (BadSyntax e) {
            throw Refusal.of(ErrorCode.INVALID_FILTER, e.getMessage());
        }
    }

    /** Reads a sort parameter: {@code name desc, createdAt}. */
    public static List<Sort> sorts(String text) {
        try {
            var parser = new FilterParser(text);
            if (parser.lexer.peek().kind() == Kind.END) {
                return List.of();
            }
            List<Sort> sorts = parser.sortKeys();
            parser.expectEnd();
            return sorts;
        } catch (BadSyntax e) {
            throw Refusal.of(ErrorCode.INVALID_SORT_IDENTIFIER, e.getMessage());
        }
    }

    private Parsed query() {
        Filter filter = startsTail() ? Filter.ALL : or();
        List<Sort> sorts = List.of();
        if (takeWord("sort")) {
            expectWord("by");
            sorts = sortKeys();
        }
        Long skip = takeWord("skip") ? whole() : null;
        Long limit = takeWord("limit") ? limit() : null;
        return new Parsed(filter, sorts, skip, limit);
    }

    private boolean startsTail() {
        Token token = lexer.peek();
        return token.kind() == Kind.END || token.isWord("sort") || token.isWord("skip") || token.isWord("limit");
    }

    private Long limit() {
        return takeWord("none") ? Long.valueOf(-1) : whole();
    }

    private List<Sort> sortKeys() {
        List<Sort> sorts = new ArrayList<>();
        do {
            String symbol = symbol();
            boolean descending = takeWord("desc");
            if (!descending) {
                takeWord("asc");
            }
            sorts.add(new Sort(symbol, descending));
        } while (takeSymbol(","));
        return List.copyOf(sorts);
    }

    private Filter or() {
        Filter left = and();
        while (takeWord("or")) {
            left = new Filter.Or(left, and());
        }
        return left;
    }

    private Filter and() {
        Filter left = unary();
        while (takeWord("and")) {
            left = new Filter.And(left, unary());
        }
        return left;
    }

    private Filter unary() {
        if (++depth > MAX_DEPTH) {
            throw new BadSyntax("the filter is nested too deep", lexer.peek().at());
        }
        Filter filter = operand();
        depth--;
        return filter;
    }

    private Filter operand() {
        if (takeWord("not")) {
            return new Filter.Not(unary());
        }
        if (takeSymbol("(")) {
            Filter inner = or();
            expectSymbol(")");
            return inner;
        }
        if (takeWord("true")) {
            return new Filter.Constant(true);
        }
        if (takeWord("false")) {
            return new Filter.Constant(false);
        }
        Token word = lexer.next();
        if (word.kind() != Kind.WORD) {
            throw unexpected(word);
        }
        if (word.isWord("isEmpty") && lexer.peek().isSymbol("(")) {
            Nested set = nested();
            return new Filter.Empty(set.symbol(), set.where());
        }
        return operation(subject(word));
    }

    private Subject subject(Token word) {
        if (!lexer.peek().isSymbol("(")) {
            return new Subject.Plain(word.text());
        }
        Nested set = nested();
        return switch (word.text().toLowerCase(Locale.ROOT)) {
            case "anyof" -> new Subject.AnyOf(set.symbol());
            case "allof" -> new Subject.AllOf(set.symbol());
            case "count" -> new Subject.Count(set.symbol(), set.where());
            default -> throw new BadSyntax("unknown function '" + word.text() + "'", word.at());
        };
    }

    /** The argument of a set function: a symbol, or {@code from symbol where …}. */
    private record Nested(String symbol, Filter where) {}

    private Nested nested() {
        expectSymbol("(");
        String symbol = symbol();
        Filter where = Filter.ALL;
        if (symbol.equalsIgnoreCase("from") && lexer.peek().kind() == Kind.WORD) {
            symbol = symbol();
            expectWord("where");
            where = or();
        }
        expectSymbol(")");
        return new Nested(symbol, where);
    }

    private Filter operation(Subject subject) {
        Token token = lexer.peek();
        if (token.kind() == Kind.SYMBOL) {
            Op op = comparison(token.text());
            if (op == null) {
                return new Filter.Truth(subject);
            }
            lexer.next();
            return new Filter.Compare(subject, op, literal());
        }
        if (takeWord("not")) {
            return new Filter.Not(worded(subject));
        }
        if (token.isWord("contains") || token.isWord("icontains") || token.isWord("in") || token.isWord("between")) {
            return worded(subject);
        }
        return new Filter.Truth(subject);
    }

    private Filter worded(Subject subject) {
        if (takeWord("contains")) {
            return new Filter.Compare(subject, Op.CONTAINS, literal());
        }
        if (takeWord("icontains")) {
            return new Filter.Compare(subject, Op.ICONTAINS, literal());
        }
        if (takeWord("in")) {
            return new Filter.In(subject, literals());
        }
        if (takeWord("between")) {
            Literal low = literal();
            expectWord("and");
            return new Filter.Between(subject, low, literal());
        }
        throw unexpected(lexer.peek());
    }

    private static @Nullable Op comparison(String symbol) {
        return switch (symbol) {
            case "=" -> Op.EQ;
            case "!=" -> Op.NE;
            case "<" -> Op.LT;
            case "<=" -> Op.LE;
            case ">" -> Op.GT;
            case ">=" -> Op.GE;
            default -> null;
        };
    }

    private List<Literal> literals() {
        expectSymbol("[");
        List<Literal> values = new ArrayList<>();
        do {
            values.add(literal());
        } while (takeSymbol(","));
        expectSymbol("]");
        return List.copyOf(values);
    }

    private Literal literal() {
        Token token = lexer.next();
        if (token.kind() == Kind.TEXT) {
            return new Literal.Text(token.text());
        }
        if (token.kind() == Kind.NUMBER) {
            return number(token);
        }
        if (token.isWord("true") || token.isWord("false")) {
            return new Literal.Bool(token.isWord("true"));
        }
        if (token.isWord("null")) {
            return new Literal.Null();
        }
        if (token.isWord("datetime")) {
            expectSymbol("(");
            return time(lexer.rawToParenthesis(), token.at());
        }
        throw unexpected(token);
    }

    private static Literal number(Token token) {
        try {
            return token.text().matches("-?\\d+")
                    ? new Literal.Whole(Long.parseLong(token.text()))
                    : new Literal.Real(Double.parseDouble(token.text()));
        } catch (NumberFormatException e) {
            throw new BadSyntax("'" + token.text() + "' is no number", token.at());
        }
    }

    private static Literal time(String raw, int at) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(raw);
            if (time.getYear() >= 1 && time.getYear() <= 9999) {
                return new Literal.Time(time.toInstant());
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw new BadSyntax("'" + raw + "' is no RFC 3339 time", at);
    }

    private Long whole() {
        Token token = lexer.next();
        if (token.kind() == Kind.NUMBER && number(token) instanceof Literal.Whole(long value)) {
            return value;
        }
        throw new BadSyntax("expected a whole number, found " + token.text(), token.at());
    }

    private String symbol() {
        Token token = lexer.next();
        if (token.kind() != Kind.WORD) {
            throw unexpected(token);
        }
        return token.text();
    }

    private boolean takeWord(String word) {
        if (!lexer.peek().isWord(word)) {
            return false;
        }
        lexer.next();
        return true;
    }

    private boolean takeSymbol(String symbol) {
        if (!lexer.peek().isSymbol(symbol)) {
            return false;
        }
        lexer.next();
        return true;
    }

    private void expectWord(String word) {
        if (!takeWord(word)) {
            throw unexpected(lexer.peek());
        }
    }

    private void expectSymbol(String symbol) {
        if (!takeSymbol(symbol)) {
            throw unexpected(lexer.peek());
        }
    }

    private void expectEnd() {
        if (lexer.peek().kind() != Kind.END) {
            throw unexpected(lexer.peek());
        }
    }

    private static BadSyntax unexpected(Token token) {
        return new BadSyntax("unexpected '" + token.text() + "'", token.at());
    }
}
