package io.postern.cli.console;

import io.postern.cli.Printing;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code postern sessions}. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "List the consoles that are open and that you may observe, or end one.")
public final class SessionsCommand implements Callable<Integer> {
    @Mixin
    Printing printing;

    @Override
    public Integer call() throws IOException {
        return Listing.SESSIONS.print(printing);
    }

    /** {@code postern sessions end}. */
    @Command(
            name = "end",
            mixinStandardHelpOptions = true,
            description = "End a console; yours, or any as administrator.")
    Integer end(@Parameters(paramLabel = "ID", description = "Its id.") String id) throws IOException {
        return ProxyClient.using(proxy -> {
            proxy.delete("/v1/sessions/" + Target.encoded(id));
            return 0;
        });
    }
}
