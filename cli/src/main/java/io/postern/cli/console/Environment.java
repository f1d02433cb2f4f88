package io.postern.cli.console;

import io.postern.cli.Failure;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The variables of a command, as {@code -e} and {@code --env-file} of container engines have them. */
final class Environment {
    /** More than any file of variables has; an engine takes less. */
    private static final long LONGEST = 1024 * 1024;

    private Environment() {}

    /**
     * All of them, those of files first: of two with one name the engine takes the last.
     *
     * @param files of lines {@code NAME=VALUE} or {@code NAME}; empty ones and those that begin with {@code #} are left out
     * @param variables likewise, each one
     * @param ours where the value of one that is named alone comes from; one that is not set here is left out
     * @return {@code NAME=VALUE} each
     * @throws Failure with {@link Console#FAILED} when a file cannot be read or a name is none
     */
    static List<String> of(List<Path> files, List<String> variables, Map<String, String> ours) {
        List<String> all = new ArrayList<>();
        for (Path file : files) {
            for (String line : lines(file)) {
                if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                    add(all, line.stripLeading(), file + ": ", ours);
                }
            }
        }
        for (String variable : variables) {
            add(all, variable, "-e: ", ours);
        }
        return all;
    }

    private static void add(List<String> all, String variable, String where, Map<String, String> ours) {
        int equals = variable.indexOf('=');
        String name = equals < 0 ? variable : variable.substring(0, equals);
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new Failure(
                    Console.FAILED, where + "'" + name + "' is no name of a variable; one looks like NAME=VALUE.");
        }
        if (equals >= 0) {
            all.add(variable);
        } else if (ours.containsKey(name)) {
            all.add(name + "=" + ours.get(name));
        }
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > LONGEST) {
                throw new Failure(Console.FAILED, file + " exceeds " + LONGEST + " bytes.");
            }
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new Failure(Console.FAILED, file + " is no text in UTF-8.");
        } catch (IOException e) {
            throw new Failure(Console.FAILED, Failure.of(e).getMessage());
        }
    }
}
