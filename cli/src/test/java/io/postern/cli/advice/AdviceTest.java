package io.postern.cli.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.advice.Gap.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final Facts WELL = new Facts(
            "laptop",
            "web",
            false,
            true,
            false,
            2,
            2,
            List.of(new Facts.Router("a", true), new Facts.Router("b", false)),
            List.of("a", "c"),
            List.of(new Facts.Terminator("c"), new Facts.Terminator("b")));

    private static List<Kind> gaps(Facts facts) {
        return Advice.of(facts).gaps().stream().map(Gap::kind).toList();
    }

    private static String mend(Facts facts) {
        return Advice.of(facts).gaps().getFirst().mend();
    }

    @Test
    void withAllInPlaceItIsReachable() {
        assertThat(Advice.of(WELL).reachable()).isTrue();
    }

    @Test
    void aDisabledIdentityReachesNothing() {
        Facts facts =
                new Facts("laptop", "web", true, true, false, 2, 2, WELL.common(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.IDENTITY_DISABLED);
    }

    @Test
    void withoutADialPolicyOneIsProposedForTheseTwoAlone() {
        Facts facts =
                new Facts("laptop", "web", false, false, true, 2, 2, WELL.common(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_DIAL_POLICY);
        assertThat(mend(facts))
                .isEqualTo("postern create service-policy web-dial --type dial --service-roles '@web'"
                        + " --identity-roles '@laptop'");
    }

    @Test
    void withoutAnEdgeRouterPolicyNoRouterIsInCommon() {
        Facts facts =
                new Facts("laptop", "web", false, true, false, 0, 2, List.of(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_EDGE_ROUTER_POLICY);
        assertThat(mend(facts)).startsWith("postern create edge-router-policy ").contains("'@laptop'");
    }

    @Test
    void withoutAServiceEdgeRouterPolicyNeither() {
        Facts facts =
                new Facts("laptop", "web", false, true, false, 2, 0, List.of(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_SERVICE_EDGE_ROUTER_POLICY);
        assertThat(mend(facts))
                .startsWith("postern create service-edge-router-policy ")
                .contains("'@web'");
    }

    @Test
    void routersOfEachButNoneOfBothIsAGapOfItsOwn() {
        Facts facts =
                new Facts("laptop", "web", false, true, false, 1, 1, List.of(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_COMMON_ROUTER);
    }

    @Test
    void commonRoutersMustBeOnline() {
        List<Facts.Router> off = List.of(new Facts.Router("a", false), new Facts.Router("b", false));
        Facts facts = new Facts("laptop", "web", false, true, false, 2, 2, off, List.of("c"), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_COMMON_ROUTER_ONLINE);
        assertThat(Advice.of(facts).gaps().getFirst().what()).contains("a, b");
    }

    @Test
    void aServiceThatNobodyHostsNeedsABindPolicyFirst() {
        Facts facts = new Facts("laptop", "web", false, true, false, 2, 2, WELL.common(), WELL.online(), List.of());
        assertThat(gaps(facts)).containsExactly(Kind.NOT_HOSTED);
        assertThat(mend(facts)).contains("--type bind", "postern tunnel -i HOST.json");
    }

    @Test
    void whoMayHostItIsToldToDoSo() {
        Facts facts = new Facts("laptop", "web", false, true, true, 2, 2, WELL.common(), WELL.online(), List.of());
        assertThat(mend(facts)).isEqualTo("host it: postern tunnel -i laptop.json");
    }

    @Test
    void hostsBehindRoutersThatAreDownDoNotCount() {
        Facts facts = new Facts(
                "laptop",
                "web",
                false,
                true,
                false,
                2,
                2,
                WELL.common(),
                WELL.online(),
                List.of(new Facts.Terminator("b")));
        assertThat(gaps(facts)).containsExactly(Kind.HOSTS_OFFLINE);
    }

    @Test
    void allGapsAreToldAtOnceInTheOrderOfADial() {
        Facts facts = new Facts("laptop", "web", false, false, false, 0, 0, List.of(), List.of(), List.of());
        assertThat(gaps(facts))
                .containsExactly(
                        Kind.NO_DIAL_POLICY,
                        Kind.NO_EDGE_ROUTER_POLICY,
                        Kind.NO_SERVICE_EDGE_ROUTER_POLICY,
                        Kind.NOT_HOSTED);
    }
}
