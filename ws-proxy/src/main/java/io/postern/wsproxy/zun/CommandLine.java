package io.postern.wsproxy.zun;

import io.postern.wsproxy.front.Refused;
import java.util.ArrayList;
import java.util.List;

/** Splits a command as a shell's first step does: blanks, quotes, backslashes, and nothing else. */
final class CommandLine {
    private CommandLine() {}

    /** @throws Refused when a quote is not closed */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length() && escapes(quote, text.charAt(i + 1))) {
                word.append(text.charAt(++i));
                inWord = true;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw Refused.badRequest("A quote in the command is not closed.");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    private static boolean escapes(char quote, char next) {
        return quote == 0 || next == '"' || next == '\\';
    }
}
