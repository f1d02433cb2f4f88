package io.postern.cli;

import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.util.regex.Pattern;

/**
 * Which texts need quotes to be read as the same texts: all but those that no reader of YAML 1.1 or 1.2 takes for a number, a
 * time, a truth or an indicator.
 */
final class YamlQuoting extends StringQuotingChecker {
    private static final long serialVersionUID = 1;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./@+-]*(?:[ =:][A-Za-z0-9_./@+-]+)*");
    /** Lines of printable ASCII, such as PEM; they become a block. */
    private static final Pattern LINES = Pattern.compile("[!-~](?:[ -~\\n]*[!-~])?\\n?");

    @Override
    public boolean needToQuoteName(String name) {
        return isReservedKeyword(name) || !PLAIN.matcher(name).matches();
    }

    @Override
    public boolean needToQuoteValue(String value) {
        return value.indexOf('\n') >= 0
                ? !LINES.matcher(value).matches()
                : isReservedKeyword(value) || !PLAIN.matcher(value).matches();
    }
}
