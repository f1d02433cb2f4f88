package io.postern.cli.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.advice.Gap.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {
    private static final Facts.Named LAPTOP = new Facts.Named("i1", "laptop");
    private static final Facts.Named WEB = new Facts.Named("s1", "web");
    private static final Facts WELL = new Facts(
            LAPTOP,
            WEB,
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
        Facts facts = new Facts(LAPTOP, WEB, true, true, false, 2, 2, WELL.common(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.IDENTITY_DISABLED);
        Facts undialled =
                new Facts(LAPTOP, WEB, true, false, false, 2, 2, WELL.common(), WELL.online(), WELL.terminators());
        assertThat(gaps(undialled)).containsExactly(Kind.IDENTITY_DISABLED); // the policy may be there
        assertThat(mend(facts)).isEqualTo("postern update identity laptop --enable");
    }

    @Test
    void withoutADialPolicyOneIsProposedForTheseTwoAlone() {
        Facts facts =
                new Facts(LAPTOP, WEB, false, false, true, 2, 2, WELL.common(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_DIAL_POLICY);
        assertThat(mend(facts))
                .isEqualTo("postern create service-policy web-dial-laptop --type dial --service-roles '@web'"
                        + " --identity-roles '@laptop'");
    }

    @Test
    void withoutAnEdgeRouterPolicyNoRouterIsInCommon() {
        Facts facts = new Facts(LAPTOP, WEB, false, true, false, 0, 2, List.of(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_EDGE_ROUTER_POLICY);
        assertThat(mend(facts)).startsWith("postern create edge-router-policy ").contains("'@laptop'");
    }

    @Test
    void withoutAServiceEdgeRouterPolicyNeither() {
        Facts facts = new Facts(LAPTOP, WEB, false, true, false, 2, 0, List.of(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_SERVICE_EDGE_ROUTER_POLICY);
        assertThat(mend(facts))
                .startsWith("postern create service-edge-router-policy ")
                .contains("'@web'");
    }

    @Test
    void routersOfEachButNoneOfBothIsAGapOfItsOwn() {
        Facts facts = new Facts(LAPTOP, WEB, false, true, false, 1, 1, List.of(), WELL.online(), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_COMMON_ROUTER);
    }

    @Test
    void commonRoutersMustBeOnline() {
        List<Facts.Router> off = List.of(new Facts.Router("a", false), new Facts.Router("b", false));
        Facts facts = new Facts(LAPTOP, WEB, false, true, false, 2, 2, off, List.of("c"), WELL.terminators());
        assertThat(gaps(facts)).containsExactly(Kind.NO_COMMON_ROUTER_ONLINE);
        assertThat(Advice.of(facts).gaps().getFirst().what()).contains("a, b");
    }

    @Test
    void aServiceThatNobodyHostsNeedsABindPolicyFirst() {
        Facts facts = new Facts(LAPTOP, WEB, false, true, false, 2, 2, WELL.common(), WELL.online(), List.of());
        assertThat(gaps(facts)).containsExactly(Kind.NOT_HOSTED);
        assertThat(mend(facts)).contains("--type bind", "postern tunnel -i HOST.json");
    }

    @Test
    void whoMayHostItIsToldToDoSo() {
        Facts facts = new Facts(LAPTOP, WEB, false, true, true, 2, 2, WELL.common(), WELL.online(), List.of());
        assertThat(mend(facts)).isEqualTo("host it: postern tunnel -i laptop.json");
    }

    @Test
    void hostsBehindRoutersThatAreDownDoNotCount() {
        Facts facts = new Facts(
                LAPTOP,
                WEB,
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
        Facts facts = new Facts(LAPTOP, WEB, false, false, false, 0, 0, List.of(), List.of(), List.of());
        assertThat(gaps(facts))
                .containsExactly(
                        Kind.NO_DIAL_POLICY,
                        Kind.NO_EDGE_ROUTER_POLICY,
                        Kind.NO_SERVICE_EDGE_ROUTER_POLICY,
                        Kind.NOT_HOSTED);
    }

    /** What names make of the commands that mend: a shell has to read each as the words that are meant. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "laptop | web-dial-laptop | @laptop",
                "Default Admin | web-dial-Default Admin | @Default Admin",
                "o'brien | web-dial-o'brien | @o'brien",
                "a,b | web-dial-a,b | @i1",
                "$(id) `x` \\ | web-dial-$(id) `x` \\ | @i1?"
            })
    void namesAreWordsOfAShell(String name, String policy, String role) throws IOException, InterruptedException {
        String meant = role.endsWith("?") ? "@" + name : role;
        Facts.Named who = new Facts.Named("i1", name);
        Facts disabled = new Facts(who, WEB, true, false, false, 0, 0, List.of(), List.of(), List.of());
        assertThat(words(mend(disabled))).containsExactly("postern", "update", "identity", name, "--enable");
        Facts facts = new Facts(who, WEB, false, false, false, 0, 0, List.of(), List.of(), List.of());
        List<Gap> gaps = Advice.of(facts).gaps();
        assertThat(words(gaps.get(0).mend()))
                .containsExactly(
                        "postern",
                        "create",
                        "service-policy",
                        policy,
                        "--type",
                        "dial",
                        "--service-roles",
                        "@web",
                        "--identity-roles",
                        meant);
        assertThat(words(gaps.get(1).mend())).contains(name + "-routers-web", meant);
        assertThat(words(gaps.get(2).mend())).contains("web-routers-" + name, "@web");
    }

    @Test
    void aNameThatNobodyCanTypeIsSaidByItsId() {
        Facts facts = new Facts(
                new Facts.Named("i1", "-\u001b[31m\n"), WEB, true, false, false, 0, 0, List.of(), List.of(), List.of());
        assertThat(Advice.of(facts).gaps()).extracting(Gap::mend).noneMatch(mend -> mend.contains("\u001b"));
        assertThat(mend(facts)).isEqualTo("postern update identity i1 --enable");
    }

    /** As bash takes a command apart. */
    private static List<String> words(String command) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-c", "printf '%s\\0' " + command).start();
        String words = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        return List.of(words.split("\0"));
    }
}
