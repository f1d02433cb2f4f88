package io.postern.api.filter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Cuts a filter into tokens, one ahead of the reader. */
final class Lexer {
    enum Kind {
        WORD,
        TEXT,
        NUMBER,
        SYMBOL,
        END
    }

    /** @param text the word, the string's value, the number's digits or the symbol */
    record Token(Kind kind, String text, int at) {
        boolean isWord(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean isSymbol(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }
    }

    private final String input;
    private int position;
    private @Nullable Token ahead;

    Lexer(String input) {
        this.input = input;
    }

    Token peek() {
        Token token = ahead;
        if (token == null) {
            token = read();
            ahead = token;
        }
        return token;
    }

    Token next() {
        Token token = peek();
        ahead = null;
        return token;
    }

    /** The raw text up to the next closing parenthesis, for {@code datetime(…)}. */
    String rawToParenthesis() {
        int end = input.indexOf(')', position);
        if (ahead != null || end < 0) {
            throw new BadSyntax("expected )", position);
        }
        String raw = input.substring(position, end).strip();
        position = end + 1;
        return raw;
    }

    private Token read() {
        while (position < input.length() && Character.isWhitespace(input.charAt(position))) {
            position++;
        }
        int from = position;
        if (from == input.length()) {
            return new Token(Kind.END, "the end", from);
        }
        char c = input.charAt(from);
        if (c == '"') {
            return string(from);
        }
        if (Character.isLetter(c) || c == '_') {
            return word(from);
        }
        if (Character.isDigit(c) || (c == '-' && digitAt(from + 1))) {
            return number(from);
        }
        return symbol(from, c);
    }

    private Token word(int from) {
        while (position < input.length() && isWordPart(input.charAt(position))) {
            position++;
        }
        return new Token(Kind.WORD, input.substring(from, position), from);
    }

    private Token number(int from) {
        position++;
        while (position < input.length() && isNumberPart(position)) {
            position++;
        }
        return new Token(Kind.NUMBER, input.substring(from, position).toLowerCase(Locale.ROOT), from);
    }

    private Token symbol(int from, char c) {
        String two = from + 1 < input.length() ? input.substring(from, from + 2) : "";
        if (two.equals("!=") || two.equals("<=") || two.equals(">=")) {
            position += 2;
            return new Token(Kind.SYMBOL, two, from);
        }
        if ("=<>()[],".indexOf(c) < 0) {
            throw new BadSyntax("unexpected '" + c + "'", from);
        }
        position++;
        return new Token(Kind.SYMBOL, String.valueOf(c), from);
    }

    /**
     * A string. Stock clients escape naively, so an unknown escape stands for itself (a Windows path survives) and the
     * closing quote is the first unescaped one.
     */
    private Token string(int from) {
        var value = new StringBuilder();
        position++;
        while (position < input.length()) {
            char c = textCharacter();
            if (c == '"') {
                return new Token(Kind.TEXT, value.toString(), from);
            }
            if (c == '\\' && position < input.length()) {
                escape(value, textCharacter());
            } else {
                value.append(c);
            }
        }
        throw new BadSyntax("a string is not closed", from);
    }

    /** The database has no text with a NUL, written after a backslash or not. */
    private char textCharacter() {
        char c = input.charAt(position++);
        if (c == '\0') {
            throw new BadSyntax("no text holds the character NUL", position - 1);
        }
        return c;
    }

    private static void escape(StringBuilder value, char c) {
        switch (c) {
            case '"', '\\' -> value.append(c);
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'f' -> value.append('\f');
            default -> value.append('\\').append(c);
        }
    }

    private boolean isNumberPart(int at) {
        char c = input.charAt(at);
        return Character.isDigit(c)
                || c == '.'
                || c == 'e'
                || c == 'E'
                || ((c == '-' || c == '+') && "eE".indexOf(input.charAt(at - 1)) >= 0);
    }

    private boolean digitAt(int at) {
        return at < input.length() && Character.isDigit(input.charAt(at));
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '/' || c == ':';
    }

    /** The text is no filter; says why and where (0-based column). */
    static final class BadSyntax extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadSyntax(String why, int at) {
            super(why + " at column " + at, null, false, false);
        }
    }
}
