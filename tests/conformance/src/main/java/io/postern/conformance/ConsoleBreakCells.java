package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Consoles while something under them is killed and comes back, and while a viewer sleeps. */
final class ConsoleBreakCells {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long MIB = 1024 * 1024;
    /** Garbage not yet collected and code being compiled; far below what is printed. */
    private static final long ROOM_MIB = 160;

    /** Seconds of sleep from which on the proxy may believe that nobody is there; a little less than its default. */
    private static final double SILENCE = 50;

    private final ConsoleNetwork console;
    private final Report report;

    ConsoleBreakCells(ConsoleNetwork console, Report report) {
        this.console = console;
        this.report = report;
    }

    void run(String container) {
        report.cell("console/freeze", this::freeze);
        report.cell("console/break/controller", () -> controller(container));
        report.cell("console/break/router-host", () -> router(container, 'A'));
        report.cell("console/break/router-dial", () -> router(container, 'B'));
        report.cell("console/break/engine", this::engine);
    }

    private ConsoleUser user(String name) {
        console.grant("#breaks", "observe,attach,exec");
        return console.user(name, "breaks");
    }

    /**
     * One viewer stops reading while the container prints as fast as it can: it is not held up, the other viewer misses nothing,
     * and the proxy does not grow.
     */
    private String freeze() throws IOException, InterruptedException {
        long mib = megabytes();
        String container = console.engine()
                .container(
                        List.of("-i", "--name", "freeze"),
                        "sh",
                        "-c",
                        "read x; head -c " + mib * MIB + " /dev/zero | tr '\\0' x; echo; echo printed-all; read y");
        ConsoleUser user = user("freeze");
        try (ConsoleSocket asleep = user.attach(container, true);
                ConsoleSocket awake = user.attach(container, false)) {
            asleep.read(false);
            long before = resident();
            long began = System.nanoTime();
            awake.type("go\n");
            awaitPrintedAll(awake);
            double seconds = (System.nanoTime() - began) / 1e9;
            long grown = (resident() - before) / MIB;
            if (awake.skipped() > 0) {
                throw new Failed("the other viewer skipped " + awake.skipped() + " bytes");
            }
            if (grown > ROOM_MIB) {
                throw new Failed("the proxy grew by " + grown + " MiB");
            }
            return String.format(
                    Locale.ROOT,
                    "%d MiB in %.1f s, the other viewer missed nothing, the sleeping one %s; proxy %+d MiB",
                    mib,
                    seconds,
                    seconds < SILENCE ? wakes(asleep) : "was taken for lost",
                    grown);
        } finally {
            console.engine().remove(container);
        }
    }

    private static String wakes(ConsoleSocket asleep) throws InterruptedException {
        asleep.read(true);
        asleep.awaitPrinted("printed-all");
        if (asleep.skipped() == 0) {
            throw new Failed("the sleeping viewer skipped nothing");
        }
        return asleep.skipped() / MIB + " MiB";
    }

    /** A gigabyte takes longer than one wait: it goes on as long as bytes come. */
    private static void awaitPrintedAll(ConsoleSocket awake) throws InterruptedException {
        for (long last = -1; ; ) {
            try {
                awake.awaitPrinted("printed-all");
                return;
            } catch (Failed e) {
                if (awake.closed() || awake.bytes() == last) {
                    throw e;
                }
                last = awake.bytes();
            }
        }
    }

    private static long megabytes() {
        String value = System.getenv("POSTERN_LANES_FREEZE_MIB");
        return value == null || value.isEmpty() ? 256 : Long.parseLong(value);
    }

    private long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(console.proxy().pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Consoles go on without a controller, and nobody new is let in. */
    private String controller(String container) throws IOException, InterruptedException {
        ConsoleUser user = user("break-controller");
        try (ConsoleSocket shell = user.shell(container)) {
            console.network().killController();
            try {
                shell.exchange("echo with$((1+1))out\n", "with2out");
                int refused = ConsoleUser.status(() -> user.exec(container, false, "true"));
                if (refused != 503) {
                    throw new Failed("a new console without a controller: " + refused);
                }
                shell.exchange("echo still$((1+1))\n", "still2");
            } finally {
                console.network().awaitDatabaseGone();
                console.network().startController();
            }
            opens(user, container);
            shell.exchange("echo again$((1+1))\n", "again2");
        }
        return "goes on without one, new ones are 503, and opens again";
    }

    private String router(String container, char which) throws IOException, InterruptedException {
        ConsoleUser user = user("break-router-" + which);
        try (ConsoleSocket shell = user.shell(container)) {
            console.network().killRouter(which);
            try {
                int code = shell.awaitClosed();
                if (code != 1011) {
                    throw new Failed("its router was killed: " + shell.closeReason());
                }
            } finally {
                console.network().startRouter(which);
            }
        }
        return "ends as 1011, opens again after " + opens(user, container) + " ms";
    }

    private String engine() throws InterruptedException {
        String container = console.engine()
                .container(List.of("-i", "--name", "break-engine"), "sh", "-c", "while read x; do echo $x; done");
        ConsoleUser user = user("break-engine");
        try (ConsoleSocket attached = user.attach(container, false)) {
            console.engine().kill();
            try {
                int code = attached.awaitClosed();
                if (code != 1011 && code != 1000) {
                    throw new Failed("its engine was killed: " + attached.closeReason());
                }
            } finally {
                console.engine().up();
            }
            console.engine().docker("start", container);
            return "ends as " + code(attached) + ", opens again after " + opens(user, container) + " ms";
        } finally {
            console.engine().remove(container);
        }
    }

    private static String code(ConsoleSocket socket) {
        return socket.closeReason().split(" ")[0];
    }

    /** Opens a console as soon as that can be. @return after how many milliseconds */
    private static long opens(ConsoleUser user, String container) throws InterruptedException {
        long began = System.nanoTime();
        return Await.that("a console that opens again", PATIENCE).succeeds(() -> {
            try (ConsoleSocket shell = user.shell(container)) {
                shell.exchange("echo back$((1+1))\n", "back2");
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            }
        });
    }
}
