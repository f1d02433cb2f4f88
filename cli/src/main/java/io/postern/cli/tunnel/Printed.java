package io.postern.cli.tunnel;

import io.postern.cli.Logs;
import io.postern.cli.Screen;
import io.postern.client.PosternClient;
import picocli.CommandLine;

/** Notices as lines: what is up on standard output, what does not work on standard error. */
final class Printed implements Notices {
    private final CommandLine line;

    Printed(CommandLine line) {
        this.line = line;
    }

    @Override
    public synchronized void told(String text) {
        line.getOut().println(Screen.line(text));
        line.getOut().flush();
    }

    @Override
    public synchronized void warned(String text) {
        line.getErr().println("postern: " + Screen.line(text));
        line.getErr().flush();
    }

    /** A signal takes the terminators away before the process is gone, so that nobody dials into the void. */
    void closeAtEnd(Tunnel tunnel, PosternClient client) {
        Logs.quietNetty();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            tunnel.close();
                            client.close();
                        },
                        "tunnel-stop"));
    }
}
