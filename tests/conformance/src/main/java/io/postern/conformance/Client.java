package io.postern.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A stock client program (see {@code clients/README.md}) and how to call it. */
record Client(String lane, List<String> command, String identitySuffix, Path logs) {
    private static final AtomicInteger RUNS = new AtomicInteger();

    /**
     * The programs are told by {@code LANE_GO}, {@code LANE_JVM}, {@code LANE_C}: a command line split at spaces.
     *
     * @param work where a program may leave what it does not clean up
     */
    static Client of(String lane, String commandLine, Path logs, Path work) {
        List<String> command = new ArrayList<>(Arrays.asList(commandLine.split(" ")));
        if (!lane.equals("jvm")) {
            return new Client(lane, command, ".json", logs);
        }
        command.add(1, "-Djava.io.tmpdir=" + work); // it leaves its C library there whenever it is killed
        return new Client(lane, command, ".p12", logs);
    }

    Proc run(String label, Map<String, String> environment, String... arguments) throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(Arrays.asList(arguments));
        String name = "%s-%s-%d".formatted(lane, label, RUNS.incrementAndGet());
        return Proc.start(name, whole, environment, logs, logs.resolve(name + ".log"));
    }

    /** Runs a one-shot command to its end; its RESULT line. */
    String once(String label, Duration limit, String... arguments) throws IOException, InterruptedException {
        try (Proc proc = run(label, Map.of("LANE_TIMEOUT", Long.toString(limit.toSeconds())), arguments)) {
            String result = proc.await("RESULT", line -> line.startsWith("RESULT "), limit.plusSeconds(5));
            int code = proc.exitCode(Duration.ofSeconds(10));
            if (code != 0) {
                throw new Failed(lane + " " + label + ": exit " + code + ", " + result);
            }
            return result;
        }
    }
}
