package io.postern.cli.completion;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Fish's completions: one line for each verb, option and set of values, with the words before as its condition. */
final class Fish {
    private static final String HEAD = """
            # The words behind the command that are no options: a line's completions depend on them.
            function __%1$s_words
                set -l words
                for word in (commandline -opc)[2..-1]
                    string match -q -- '-*' $word; or set -a words $word
                end
                echo "$words"
            end
            function __%1$s_at
                test (__%1$s_words) = "$argv[1]"
            end
            function __%1$s_within
                string match -q -- "$argv[1]*" (__%1$s_words)
            end
            complete -c %1$s -f
            """;

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private Fish(String program) {
        this.program = program;
        script.append(HEAD.formatted(program));
    }

    static String script(CommandSpec top) {
        Fish fish = new Fish(top.name());
        fish.command(top, "");
        return fish.script.toString();
    }

    private void command(CommandSpec spec, String path) {
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                option(option, path);
            }
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (parameter.index().min() == 0) {
                argument(parameter, path);
            }
        }
        for (CommandLine sub : spec.subcommands().values().stream().distinct().toList()) {
            CommandSpec verb = sub.getCommandSpec();
            line("-n " + quoted("__" + program + "_at " + quoted(path)) + " -a " + quoted(verb.name()) + " -d "
                    + quoted(first(verb.usageMessage().description())));
            command(verb, path.isEmpty() ? verb.name() : path + " " + verb.name());
        }
    }

    private void option(OptionSpec option, String path) {
        StringBuilder words = new StringBuilder();
        words.append("-n ").append(quoted("__" + program + "_within " + quoted(path)));
        for (String name : option.names()) {
            if (name.startsWith("--")) {
                words.append(" -l ").append(name.substring(2));
            } else if (name.length() == 2) {
                words.append(" -s ").append(name.substring(1));
            }
        }
        if (option.arity().max() > 0) {
            List<String> values = values(option);
            words.append(values.isEmpty() ? " -rF" : " -x -a " + quoted(String.join(" ", values)));
        }
        line(words + " -d " + quoted(first(option.description())));
    }

    private void argument(PositionalParamSpec parameter, String path) {
        List<String> values = values(parameter);
        if (!values.isEmpty()) {
            line("-n " + quoted("__" + program + "_at " + quoted(path)) + " -a " + quoted(String.join(" ", values)));
        } else if (parameter.paramLabel().matches("FILE|SOCKET|CONFIG")) {
            line("-n " + quoted("__" + program + "_at " + quoted(path)) + " -F");
        }
    }

    private static List<String> values(ArgSpec argument) {
        List<String> all = new ArrayList<>();
        Iterable<String> candidates = argument.completionCandidates();
        if (candidates != null) {
            candidates.forEach(all::add);
        }
        return all;
    }

    private void line(String words) {
        script.append("complete -c ").append(program).append(' ').append(words).append('\n');
    }

    private static String first(String[] description) {
        return description.length == 0 ? "" : description[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
