package io.postern.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of the filter language, cut where its condition ends: {@code [condition] [sort by …] [skip N] [limit N|none]}. It is not
 * judged here, the controller does that. Source: SDK sheet 2.4.
 *
 * @param condition empty where everything is meant
 * @param tail order and page; empty where there is none
 * @param whole does each quote and each parenthesis have its other half?
 */
public record FilterText(String condition, String tail, boolean whole) {
    private static final Pattern PART = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*(?<closed>\"?)|[()]|(?<![\\w.])(?<tail>sort\\s+by|(?:skip|limit)\\s+(?:\\d+|none))\\b",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern PAGE = Pattern.compile("(?i)(?<![\\w.])(?:skip|limit)\\s");

    public static FilterText of(String text) {
        Matcher part = PART.matcher(text);
        int depth = 0;
        boolean whole = true;
        int end = text.length();
        while (part.find()) {
            char first = part.group().charAt(0);
            if (first == '(') {
                depth++;
            } else if (first == ')') {
                depth--;
                whole &= depth >= 0;
            } else if (first == '"') {
                whole &= !part.group("closed").isEmpty();
            } else if (depth == 0) {
                end = Math.min(end, part.start());
            }
        }
        return new FilterText(
                text.substring(0, end).strip(), text.substring(end).strip(), whole && depth == 0);
    }

    /** Does it say which page of the list is meant? */
    public boolean pages() {
        return PAGE.matcher(tail).find();
    }

    /** What both admit, in this one's order and page. Only of one that is {@link #whole}, or the other could be undone. */
    public String and(String other) {
        String both = condition.isEmpty() ? other : "(" + other + ") and (" + condition + ")";
        return (both + " " + tail).strip();
    }
}
