package io.postern.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * Repeats a piece of work until the compilers of the processes that do it rest, then counts what it costs. Work that has
 * just begun is mostly compiling, so a fixed time of warming up would measure the compiler of a slow machine.
 */
final class Steady {
    private static final int ROUNDS = 5;
    /** Compilers rest when they take less than this part of the CPU. */
    private static final double RESTING = 0.05;

    private Steady() {}

    /** Does the work {@code times} times. */
    @FunctionalInterface
    interface Work {
        void run(int times) throws Exception;
    }

    /**
     * What one piece costs: all CPU of the processes, user and system, their compilers included.
     *
     * @param coreMillis CPU milliseconds, the median of five rounds
     * @param compiling what compiler threads took of it, in the same round
     * @param perSecond pieces a second, the median of the same rounds
     */
    record Cost(double coreMillis, double compiling, double perSecond) {}

    /**
     * @param round pieces in a round
     * @param most rounds of warming up, however busy the compilers are after them
     */
    static Cost of(Collection<Long> pids, int round, int most, Work work) throws Exception {
        int resting = 0;
        for (int i = 0; i < most && resting < 2; i++) {
            Cost cost = round(pids, round, work);
            resting = cost.compiling() < cost.coreMillis() * RESTING ? resting + 1 : 0;
        }
        Cost[] rounds = new Cost[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = round(pids, round, work);
        }
        double[] rates =
                Arrays.stream(rounds).mapToDouble(Cost::perSecond).sorted().toArray();
        Arrays.sort(rounds, java.util.Comparator.comparingDouble(Cost::coreMillis));
        Cost middle = rounds[ROUNDS / 2];
        return new Cost(middle.coreMillis(), middle.compiling(), rates[ROUNDS / 2]);
    }

    private static Cost round(Collection<Long> pids, int times, Work work) throws Exception {
        double cpu = ProcessCpu.seconds(pids);
        double compilers = ProcessCpu.compilerSeconds(pids);
        long start = System.nanoTime();
        work.run(times);
        double seconds = (System.nanoTime() - start) / 1e9;
        double each = 1000.0 / times;
        return new Cost(
                (ProcessCpu.seconds(pids) - cpu) * each,
                Math.max(0, (ProcessCpu.compilerSeconds(pids) - compilers) * each),
                times / seconds);
    }
}
