package io.postern.cli.console;

import io.postern.cli.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern attach}: the main process of a container, which goes on without us. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = Console.FAILED,
        description = {
            "Attach to the main process of a container.",
            "It goes on when you leave: by ~. at the beginning of a line, or by the detach keys. A lost connection is resumed.",
            "Exit code: that of the process when it ended, 0 when you left, 125 when it did not work."
        })
public final class AttachCommand implements Callable<Integer> {
    @Parameters(paramLabel = "[HOST/]NAME", description = "The container.")
    String container;

    @Option(names = "--observe", description = "See only: nothing that is typed is passed on.")
    boolean observe;

    @Option(
            names = "--detach-keys",
            paramLabel = "KEYS",
            description = "Keys that leave (default: ${DEFAULT-VALUE}); empty for none.")
    String detachKeys = "ctrl-p,ctrl-q";

    @Override
    public Integer call() throws InterruptedException {
        byte[] detach = keys(detachKeys);
        return Console.using(proxy -> {
            Target target = Containers.target(proxy, container);
            Terminal.Ends ends = Terminal.Ends.now();
            boolean tty = Containers.find(proxy, target).path("tty").asBoolean();
            Console.Manner manner = new Console.Manner(tty && ends.input(), tty && !observe && ends.any(), !observe);
            String path = target.path() + "/attach?observe=" + observe;
            return new Console(manner, new Keys('~', detach)).run(proxy, !observe, path);
        });
    }

    static byte[] keys(String text) {
        try {
            return Keys.sequence(text);
        } catch (IllegalArgumentException e) {
            throw new Failure(Console.FAILED, "--detach-keys: " + e.getMessage() + ".");
        }
    }
}
