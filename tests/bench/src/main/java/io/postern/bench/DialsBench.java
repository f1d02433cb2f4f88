package io.postern.bench;

import io.postern.conformance.PosternNetwork;
import java.nio.file.Path;
import java.util.List;

/**
 * What a dial costs: a plain connection into router B's tunneler, a Circuit that the controller authorises, over the Link to
 * router A, a connection of A to the target, one byte there and back, and the end of it all. CPU is that of the controller
 * and both routers, user and system, compilers and collectors included; the callers, the target and PostgreSQL are not
 * counted, though they take their share of the machine and so of the rate. Sixteen callers dial one after another each,
 * {@link Steady} says when it is counted: after thousands of dials, when the compilers rest.
 */
final class DialsBench {
    private static final int CALLERS = 16;
    private static final int ROUND = 2500;
    private static final int MOST_WARM_ROUNDS = 12;

    private DialsBench() {}

    static void run(Path root, Path work) throws Exception {
        DataBench.over(root, work, DialsBench::measure);
    }

    static void measure(PosternNetwork network, int port) throws Exception {
        List<Long> all = List.of(network.pid('A'), network.pid('B'), network.pid('C'));
        Steady.Cost cost = Steady.of(all, ROUND, MOST_WARM_ROUNDS, times -> Load.dials(port, CALLERS, times));
        Figure.print("dials_per_s", cost.perSecond(), "1/s", ">=800");
        Figure.print("dial_core_ms", cost.coreMillis(), "core-ms", "<=2");
        Figure.print("dial_compiler_core_ms", cost.compiling(), "core-ms", "-");
    }
}
