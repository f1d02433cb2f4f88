package io.postern.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How fast much output comes by each of several ways. The engine's own rate differs by half from one exec to the next, with
 * where the kernel runs its processes, and from second to second. So all ways are open at once and take short turns, in many
 * execs; a way's rate is all its bytes by all its time, and the standard error of a ratio stands beside it. The CPU that the whole
 * machine takes meanwhile, engine and client included, says what rates differ by on a machine without a core to spare.
 */
final class Bulk {
    /** Until the JVMs have compiled what is hot. */
    private static final int WARM_UPS = 24;

    private static final int ROUNDS = 120;
    /** One round of so many is also for those that stand beside. */
    private static final int SELDOM = 4;

    private static final int TURNS = 4;
    private static final int BLOCK = 64 * 1024;

    /** Prints six bytes; then, for each line that it gets, many. */
    private static final String SCRIPT =
            "%secho ready; while read go; do dd if=/dev/zero bs=" + BLOCK + " count=%d 2>/dev/null; done";

    private final String name;
    private final boolean tty;
    private final int mib;
    private final Map<String, Way.Opening> ways;
    private final Set<String> often;
    private final Map<String, List<Between>> between;
    private final Map<String, Sum> sums = new LinkedHashMap<>();

    /** Processes between the engine and the client, and what their figures are called. */
    record Between(String name, List<Long> pids) {}

    /** Of one way in the rounds that count. */
    private static final class Sum {
        /** Seconds by round. */
        private final Map<Integer, Double> rounds = new LinkedHashMap<>();

        private final Map<String, Double> cpu = new LinkedHashMap<>();
        private double compilers;
        private double machine;

        private double seconds() {
            return rounds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    /**
     * @param mib of one turn
     * @param often ways that are compared
     * @param between by way; those of one way may overlap
     */
    Bulk(
            String name,
            boolean tty,
            int mib,
            Map<String, Way.Opening> ways,
            Set<String> often,
            Map<String, List<Between>> between) {
        this.name = name;
        this.tty = tty;
        this.mib = mib;
        this.ways = ways;
        this.often = often;
        this.between = between;
    }

    Bulk measure() throws Exception {
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            boolean all = round % SELDOM == 0;
            round(
                    round,
                    ways.keySet().stream()
                            .filter(way -> all || often.contains(way))
                            .toList());
        }
        return this;
    }

    private void round(int round, List<String> whose) throws Exception {
        boolean counts = round >= 0;
        Map<String, Way> open = new LinkedHashMap<>();
        Map<String, Double> seconds = new LinkedHashMap<>();
        try {
            String script = SCRIPT.formatted(tty ? ConsoleBench.RAW : "", mib * (1024 * 1024 / BLOCK));
            for (String way : whose) {
                Way opened = ways.get(way).open(tty, script);
                open.put(way, opened);
                ConsoleBench.awaitReady(opened);
            }
            List<String> order = new ArrayList<>(whose);
            for (int turn = 0; turn < TURNS; turn++) {
                Collections.rotate(order, 1); // nobody comes behind the same one each time
                for (String way : order) {
                    seconds.merge(way, turn(way, open.get(way), counts), Double::sum);
                }
            }
        } finally {
            for (Way way : open.values()) {
                way.close();
            }
        }
        if (counts) {
            seconds.forEach((way, all) -> sum(way).rounds.put(round, all));
        }
    }

    private Sum sum(String way) {
        return sums.computeIfAbsent(way, fresh -> new Sum());
    }

    private double turn(String way, Way opened, boolean counts) throws IOException {
        List<Between> processes = between.getOrDefault(way, List.of());
        List<Double> before = cpu(processes);
        double compiling = compilers(processes);
        double machine = ProcessCpu.machineSeconds();
        double seconds = read(way, opened);
        if (counts) {
            List<Double> after = cpu(processes);
            for (int i = 0; i < processes.size(); i++) {
                sum(way).cpu.merge(processes.get(i).name(), after.get(i) - before.get(i), Double::sum);
            }
            sum(way).compilers += compilers(processes) - compiling;
            sum(way).machine += ProcessCpu.machineSeconds() - machine;
        }
        return seconds;
    }

    private static List<Double> cpu(List<Between> all) {
        return all.stream().map(one -> ProcessCpu.seconds(one.pids())).toList();
    }

    private static double compilers(List<Between> all) {
        return all.isEmpty() ? 0 : ProcessCpu.compilerSeconds(all.getFirst().pids());
    }

    /** From the order to print until the last byte is here. */
    private double read(String which, Way way) throws IOException {
        long wanted = mib * 1024L * 1024L;
        long begin = System.nanoTime();
        way.write((byte) '\n');
        for (long bytes = 0; bytes < wanted; ) {
            int some = way.read();
            if (some < 0) {
                throw new IOException(which + " ended after " + bytes + " of " + wanted + " bytes");
            }
            bytes += some;
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** @param engine the way that is 1 @param goals of ratios to it, by way */
    void print(String engine, Map<String, String> goals) {
        for (String way : ways.keySet()) {
            Sum sum = sum(way);
            double all = sum.rounds.size() * TURNS * mib;
            Figure.print(name + "_" + way, all / sum.seconds(), "MiB/s", "-");
            if (!way.equals(engine)) {
                printRatio(way + "_ratio", way, engine, goals.getOrDefault(way, "-"));
            }
            Figure.print(name + "_" + way + "_machine", sum.machine / all * 1024, "core-s/GiB", "-");
            sum.cpu.forEach((processes, cpu) ->
                    Figure.print(name + "_" + processes + "_cpu", cpu / all * 1024, "core-s/GiB", "-"));
            if (sum.compilers > 0) {
                Figure.print(name + "_" + way + "_compilers", sum.compilers / all * 1024, "core-s/GiB", "-");
            }
        }
    }

    /** How many times as fast a way is as another, and the standard error of that by what the rounds differ. */
    void printRatio(String figure, String way, String other, String goal) {
        if (!sums.containsKey(way) || !sums.containsKey(other)) {
            return;
        }
        Map<Integer, Double> mine = new LinkedHashMap<>(sum(way).rounds);
        Map<Integer, Double> its = sum(other).rounds;
        mine.keySet().retainAll(its.keySet());
        double all = 0;
        double others = 0;
        for (int round : mine.keySet()) {
            all += mine.get(round);
            others += its.get(round);
        }
        double ratio = others / all;
        double squares = 0;
        for (int round : mine.keySet()) {
            squares += Math.pow(its.get(round) - ratio * mine.get(round), 2);
        }
        double error = Math.sqrt(squares * mine.size() / (mine.size() - 1)) / all;
        Figure.print(name + "_" + figure, ratio, "x", goal);
        Figure.print(name + "_" + figure + "_error", error, "x", "-");
    }
}
