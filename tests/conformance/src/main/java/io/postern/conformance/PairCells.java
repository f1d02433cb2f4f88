package io.postern.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every dialer x host pair: 16 MiB each way in both services, half-close from either side. */
final class PairCells {
    static final long BULK = 16L << 20;
    static final long HALF = 1L << 20;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern SUM = Pattern.compile("sha256=([0-9a-f]{64})");
    private static final Pattern END = Pattern.compile("eof=(\\w+)");
    private static final Pattern SECONDS = Pattern.compile(" seconds=([0-9.]+)");

    private final World world;
    private final Report report;

    PairCells(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    void run(List<Client> dialers, List<Host> hosts) {
        for (Client dialer : dialers) {
            for (Host host : hosts) {
                String pair = "pair/" + dialer.lane() + "-" + host.lane() + "/";
                cell(pair + "enc/E", dialer, host, true, 'E', BULK);
                cell(pair + "clr/E", dialer, host, false, 'E', BULK);
                cell(pair + "enc/H", dialer, host, true, 'H', HALF);
                cell(pair + "enc/R", dialer, host, true, 'R', HALF);
            }
        }
    }

    private void cell(String name, Client dialer, Host host, boolean encrypted, char mode, long bytes) {
        report.cell(name, () -> {
            try {
                return dial(dialer, host, encrypted, mode, bytes);
            } catch (Failed e) {
                // quirk J2: the 2021 JVM host may drop the first message of a connection
                if (!host.lane().equals("jvm") || !host.proc().alive()) {
                    throw e;
                }
                return dial(dialer, host, encrypted, mode, bytes) + ", second dial after: " + e.getMessage();
            }
        });
    }

    /** One dial checked from both sides; the transfer's seconds as text. */
    String dial(Client dialer, Host host, boolean encrypted, char mode, long bytes)
            throws IOException, InterruptedException {
        return dial("dial", dialer, host, encrypted, mode, bytes);
    }

    /** As above, with an identity of another side. */
    String dial(String side, Client dialer, Host host, boolean encrypted, char mode, long bytes)
            throws IOException, InterruptedException {
        String service = world.service(host.lane(), encrypted);
        Map<String, String> environment = Map.of(
                "LANE_TIMEOUT",
                Long.toString(LIMIT.toSeconds()),
                "LANE_EOF_WAIT",
                host.lane().equals("c") ? "1" : "10");
        String[] arguments = {
            "dial", world.file(side, dialer).toString(), service, Character.toString(mode), Long.toString(bytes)
        };
        try (Proc proc = dialer.run("dial-" + host.lane(), environment, arguments)) {
            String result = proc.await("RESULT", line -> line.startsWith("RESULT "), LIMIT.plusSeconds(5));
            if (!result.startsWith("RESULT dial ok ")) {
                throw new Failed(result + hostSays(host, service));
            }
            String served = host.result(service, find(SUM, result), Duration.ofSeconds(30));
            if (!served.contains(" ok ")) {
                throw new Failed("dialer content, host not: " + served);
            }
            proc.endInput();
            ends(host, mode, result, served);
            int code = proc.exitCode(Duration.ofSeconds(20));
            if (code != 0) {
                throw new Failed("exit " + code + " after " + result);
            }
            return find(SECONDS, result) + " s";
        }
    }

    /** The ends of data that a stock network shows (client sheet, section 5); a C host sends none after a half-close. */
    private static void ends(Host host, char mode, String result, String served) {
        if (mode == 'H' && !host.lane().equals("c") && !find(END, result).equals("yes")) {
            throw new Failed("the host's end of data did not arrive: " + result);
        }
        if (mode == 'E' && !find(END, served).equals("yes")) {
            throw new Failed("the dialer's end of data did not arrive: " + served);
        }
    }

    private static String hostSays(Host host, String service) throws InterruptedException {
        return host.proc()
                .find(line -> line.startsWith("RESULT host service=" + service + " "), Duration.ofSeconds(1))
                .map(line -> " / " + line)
                .orElse("");
    }

    private static String find(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }
}
