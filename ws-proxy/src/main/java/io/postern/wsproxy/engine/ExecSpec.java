package io.postern.wsproxy.engine;

import java.util.List;
import java.util.Optional;

/**
 * A command to run in a container.
 *
 * @param environment {@code NAME=value}
 * @param columns of its terminal at first, 0 for unknown
 */
public record ExecSpec(
        List<String> command,
        boolean tty,
        boolean stdin,
        Optional<String> user,
        Optional<String> workingDirectory,
        List<String> environment,
        int columns,
        int rows) {
    public ExecSpec {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
    }
}
