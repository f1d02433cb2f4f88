package io.postern.cli.console;

import io.postern.cli.Printing;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code postern containers}. */
@Command(
        name = "containers",
        mixinStandardHelpOptions = true,
        description = "List the containers that you may reach, and what you may do with them.")
public final class ContainersCommand implements Callable<Integer> {
    @Mixin
    Printing printing;

    @Override
    public Integer call() throws IOException {
        return Listing.CONTAINERS.print(printing);
    }
}
