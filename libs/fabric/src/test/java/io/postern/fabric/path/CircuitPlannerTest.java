package io.postern.fabric.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.fabric.path.RouterRoute.End;
import io.postern.fabric.path.RouterRoute.Forward;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The planner as tables: a network in words, a request, what comes out. */
class CircuitPlannerTest {
    private static final PlanRequest.Ends ENDS = new PlanRequest.Ends("in", "out");

    /** Routers "a b:50 c!" (cost after a colon, ! allows no traversal); links "a-b:5 b-c:1#l9" (cost, id). */
    private static NetworkView network(String routers, String links) {
        List<Node> nodes = words(routers).stream()
                .map(word -> new Node(
                        word.replaceAll("[:!].*", ""),
                        word.contains(":") ? Integer.parseInt(word.replaceAll("[^0-9]", "")) : 0,
                        word.endsWith("!")))
                .toList();
        List<Edge> edges = words(links).stream()
                .map(word -> {
                    String[] part = word.split("[-:#]");
                    return new Edge(
                            part.length > 3 ? part[3] : part[0] + part[1], part[0], part[1], Long.parseLong(part[2]));
                })
                .toList();
        return NetworkView.of(nodes, edges);
    }

    private static List<String> words(String text) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.asList(text.trim().split(" +"));
    }

    @ParameterizedTest(name = "{0} over {1} from {2} to {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a b         | a-b:1                  | a | b | a b   | ab    | 11",
                "a b c       | a-b:1 b-c:1 a-c:30     | a | c | a b c | ab bc | 22",
                "a b c       | a-b:1 b-c:1 a-c:12     | a | c | a c   | ac    | 22",
                "a b:50 c    | a-b:1 b-c:1 a-c:30     | a | c | a c   | ac    | 40",
                "a b! c      | a-b:1 b-c:1 a-c:900    | a | c | a c   | ac    | 910",
                "a b! c      | a-b:1 b-c:1            | a | b | a b   | ab    | 11",
                "a! b c      | a-b:1 b-c:1            | a | c | a b c | ab bc | 22",
                "a b         | a-b:9#slow a-b:3#quick | a | b | a b   | quick | 13",
                "a b         | a-b:3#y b-a:3#x        | a | b | a b   | x     | 13",
                "a b         | a-b:9999999            | a | b | a b   | ab    | 1048576",
                "a           | ''                     | a | a | a     | ''    | 0",
            })
    void takesTheCheapestPath(
            String routers, String links, String from, String to, String path, String over, long cost) {
        assertThat(network(routers, links).path(from, to)).hasValue(new Path(words(path), words(over), cost));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a b | '' | a | b", "a b! c | a-b:1 b-c:1 | a | c", "a | a-x:1 | a | x", "a | '' | x | a"})
    void hasNoPath(String routers, String links, String from, String to) {
        assertThat(network(routers, links).path(from, to)).isEmpty();
    }

    private static Candidate terminator(String id, String router, long cost, Precedence precedence) {
        return new Candidate(id, router, "edge", id, "", "host", cost, precedence);
    }

    private static PlanRequest dial(String strategy, List<Candidate> terminators, String token, double chance) {
        return new PlanRequest("c1", 0, "s1", strategy, "a", "", terminators, Set.of(), token, ENDS, chance);
    }

    private static final List<Candidate> THREE = List.of(
            terminator("far", "c", 0, Precedence.DEFAULT),
            terminator("near", "b", 5, Precedence.DEFAULT),
            terminator("gone", "x", 0, Precedence.REQUIRED));

    @ParameterizedTest(name = "{0}, at {1} before, chance {2}: {3}")
    @CsvSource({
        "smartrouting,'',0,near",
        "'','',0.9,near",
        "random,'',0,near",
        "random,'',0.99,far",
        "weighted,'',0,near",
        "weighted,'',0.99,far",
        "sticky,'',0,near",
        "sticky,far,0,far",
        "sticky,gone,0,near",
    })
    void picksByStrategy(String strategy, String token, double chance, String expected) {
        NetworkView view = network("a b c", "a-b:1 b-c:1");
        Planned planned = CircuitPlanner.plan(view, dial(strategy, THREE, token, chance));
        assertThat(((CircuitPlan) planned).terminator().terminatorId()).isEqualTo(expected);
    }

    @Test
    void precedenceBeatsAnyCost() {
        NetworkView view = network("a b c", "a-b:1 b-c:9999999");
        var cheap = terminator("cheap", "b", 0, Precedence.DEFAULT);
        var dear = terminator("dear", "c", 65535, Precedence.REQUIRED);
        var broken = terminator("broken", "a", 0, Precedence.FAILED);
        Planned planned = CircuitPlanner.plan(view, dial("smartrouting", List.of(broken, cheap, dear), "", 0));
        assertThat(((CircuitPlan) planned).terminator()).isEqualTo(dear);
    }

    @Test
    void avoidsWhatFailedBeforeWhileThereIsAnother() {
        NetworkView view = network("a b c", "a-b:1 b-c:1");
        var again = new PlanRequest("c1", 1, "s1", "", "a", "", THREE, Set.of("near"), "", ENDS, 0);
        assertThat(((CircuitPlan) CircuitPlanner.plan(view, again)).terminator().terminatorId())
                .isEqualTo("far");
        var last = new PlanRequest("c1", 1, "s1", "", "a", "", THREE, Set.of("near", "far"), "", ENDS, 0);
        assertThat(((CircuitPlan) CircuitPlanner.plan(view, last)).terminator().terminatorId())
                .isEqualTo("near");
    }

    @Test
    void saysWhyThereIsNoCircuit() {
        NetworkView island = network("a b", "");
        var at = terminator("t", "b", 0, Precedence.DEFAULT);
        assertThat(CircuitPlanner.plan(island, dial("", List.of(), "", 0)))
                .isEqualTo(new Refusal(FailureCause.NO_TERMINATORS, "service s1 has no terminators"));
        assertThat(CircuitPlanner.plan(island, dial("", List.of(THREE.get(2)), "", 0)))
                .extracting("cause")
                .isEqualTo(FailureCause.NO_ONLINE_TERMINATORS);
        assertThat(CircuitPlanner.plan(island, dial("", List.of(at), "", 0)))
                .extracting("cause")
                .isEqualTo(FailureCause.NO_PATH);
        assertThat(CircuitPlanner.plan(island, dial("lucky", List.of(at), "", 0)))
                .extracting("cause")
                .isEqualTo(FailureCause.INVALID_STRATEGY);
    }

    @Test
    void anInstanceIsAskedForByName() {
        NetworkView view = network("a b", "a-b:1");
        var one = new Candidate("t1", "b", "edge", "t1", "one", "h", 0, Precedence.DEFAULT);
        var any = terminator("t2", "b", 9, Precedence.DEFAULT);
        var asked = new PlanRequest("c", 0, "s1", "", "a", "one", List.of(any, one), Set.of(), "", ENDS, 0);
        assertThat(((CircuitPlan) CircuitPlanner.plan(view, asked)).terminator())
                .isEqualTo(one);
        var plain = dial("", List.of(any, one), "", 0);
        assertThat(((CircuitPlan) CircuitPlanner.plan(view, plain)).terminator())
                .isEqualTo(any);
    }

    @Test
    void writesBothDirectionsForEachRouter() {
        var plan = (CircuitPlan)
                CircuitPlanner.plan(network("a b c", "a-b:1 b-c:1"), dial("", THREE.subList(0, 1), "", 0));
        assertThat(plan.routes())
                .containsExactly(
                        new RouterRoute(
                                "a",
                                List.of(new Forward("in", "ab", End.LINK), new Forward("ab", "in", End.START)),
                                null),
                        new RouterRoute(
                                "b",
                                List.of(new Forward("ab", "bc", End.LINK), new Forward("bc", "ab", End.LINK)),
                                null),
                        new RouterRoute(
                                "c",
                                List.of(new Forward("bc", "out", End.END), new Forward("out", "bc", End.LINK)),
                                new RouterRoute.Egress("edge", "out", "far")));
    }

    @Test
    void oneRouterJoinsBothEnds() {
        var here = terminator("t", "a", 0, Precedence.DEFAULT);
        var plan = (CircuitPlan) CircuitPlanner.plan(network("a", ""), dial("", List.of(here), "", 0));
        assertThat(plan.routes())
                .containsExactly(new RouterRoute(
                        "a",
                        List.of(new Forward("in", "out", End.END), new Forward("out", "in", End.START)),
                        new RouterRoute.Egress("edge", "out", "t")));
    }

    @Test
    void reroutesBetweenTheSameEndsWithoutDialing() {
        Path old = new Path(List.of("a", "b", "c"), List.of("ab", "bc"), 22);
        ReroutePlan plan = CircuitPlanner.reroute(network("a c d", "a-d:1 d-c:1"), old, ENDS)
                .orElseThrow();
        assertThat(plan.path().routers()).containsExactly("a", "d", "c");
        assertThat(plan.leave()).containsExactly("b");
        assertThat(plan.routes()).allMatch(route -> route.egress() == null).hasSize(3);
        assertThat(CircuitPlanner.reroute(network("a c", ""), old, ENDS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0,ROUTER_ERR_GENERIC",
        "1,ROUTER_ERR_INVALID_TERMINATOR",
        "4,ROUTER_ERR_CONN_REFUSED",
        "9,ROUTER_ERR_RESOURCES_NOT_AVAILABLE",
        "77,ROUTER_ERR_GENERIC"
    })
    void readsTheRoutersCodes(int code, FailureCause cause) {
        assertThat(FailureCause.ofRouteResult(code)).isEqualTo(cause);
    }
}
