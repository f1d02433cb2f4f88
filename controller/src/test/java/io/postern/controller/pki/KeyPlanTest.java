package io.postern.controller.pki;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.pki.KeyEntry.Role;
import io.postern.pki.Authority;
import io.postern.pki.ChainVerifier;
import io.postern.pki.Csr;
import io.postern.pki.EnrollmentToken;
import io.postern.pki.Keys;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPlanTest {
    private static final Instant NOW = Instant.now();

    private static KeyPlan plan(Optional<KeyEntry> given) {
        return new KeyPlan("ctrl1", "postern", Set.of("controller.example"), "ec256", given);
    }

    private static KeyEntry authority(String name, Instant at) {
        Authority root = Authority.root(Keys.ec256(), name, at);
        return new KeyEntry(Role.ROOT, root.key(), root.chain(), at);
    }

    private static List<KeyEntry> after(List<KeyEntry> have, List<KeyEntry> added) {
        var all = new ArrayList<>(have);
        all.addAll(added);
        return all;
    }

    private static KeyEntry newest(List<KeyEntry> all, Role role) {
        return KeyPlan.newest(all, role).orElseThrow();
    }

    @Test
    void firstStartMakesOneOfEachAndTheNextNothing() {
        List<KeyEntry> made = plan(Optional.empty()).missing(List.of(), NOW);
        assertThat(made).extracting(KeyEntry::role).containsExactly(Role.ROOT, Role.INTERMEDIATE, Role.HTTPS, Role.JWT);
        assertThat(plan(Optional.empty()).missing(made, NOW)).isEmpty();
    }

    /** All keys are elliptic but that of the HTTPS leaf, which signs enrollment tokens as its key can. */
    @ParameterizedTest
    @CsvSource({"rsa2048,RSA,RS256", "ec256,EC,ES256", "ec384,EC,ES384"})
    void theLeafHasTheConfiguredKeyAndSignsTokensWithIt(String type, String algorithm, String signature) {
        var plan = new KeyPlan("ctrl1", "postern", Set.of("controller.example"), type, Optional.empty());
        List<KeyEntry> made = plan.missing(List.of(), NOW);
        for (KeyEntry entry : made) {
            assertThat(entry.key().getAlgorithm())
                    .as(entry.role().name())
                    .isEqualTo(entry.role() == Role.HTTPS ? algorithm : "EC");
        }
        KeyEntry leaf = newest(made, Role.HTTPS);
        if (leaf.certificate().getPublicKey() instanceof RSAPublicKey rsa) {
            assertThat(rsa.getModulus().bitLength()).isEqualTo(2048);
        }
        String token = EnrollmentToken.oneTime("https://controller.example", "id", "ott", "jti", NOW, List.of())
                .sign(leaf.key(), leaf.certificate());
        assertThat(new String(Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), UTF_8))
                .contains("\"alg\":\"" + signature + "\"");
        assertThat(EnrollmentToken.verify(token, leaf.certificate().getPublicKey())
                        .subject())
                .isEqualTo("id");
        List<KeyEntry> all = after(made, plan.missing(made, NOW.plus(Authority.LEAF_LIFE)));
        assertThat(newest(all, Role.HTTPS).key()).as("renewed by the same key").isEqualTo(leaf.key());
    }

    @Test
    void aControllerWithItsOwnAddressKeepsTheNamesOfTheOthersAndTheKey() throws Exception {
        KeyPlan first = new KeyPlan("a", "postern", Set.of("balancer.example", "10.0.0.1"), "ec256", Optional.empty());
        KeyPlan second = new KeyPlan("b", "postern", Set.of("balancer.example", "10.0.0.2"), "ec256", Optional.empty());
        List<KeyEntry> all = first.missing(List.of(), NOW);
        KeyEntry before = newest(all, Role.HTTPS);
        all = after(all, second.missing(all, NOW.plusSeconds(1)));
        KeyEntry leaf = newest(all, Role.HTTPS);
        assertThat(leaf.certificate().getPublicKey())
                .isEqualTo(before.certificate().getPublicKey());
        assertThat(leaf.certificate().getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .contains("balancer.example", "10.0.0.1", "10.0.0.2", "localhost")
                .doesNotHaveDuplicates();
        assertThat(first.missing(all, NOW.plusSeconds(2))).isEmpty();
        assertThat(second.missing(all, NOW.plusSeconds(2))).isEmpty();
    }

    @Test
    void aGivenAuthorityIsTheRoot() {
        KeyEntry given = authority("Company", NOW);
        List<KeyEntry> made = plan(Optional.of(given)).missing(List.of(), NOW);
        assertThat(newest(made, Role.ROOT).kid()).isEqualTo(given.kid());
        var verifier = new ChainVerifier(List.of(given.certificate()));
        assertThat(verifier.refusal(newest(made, Role.HTTPS).chain(), NOW, false))
                .isEmpty();
        assertThat(plan(Optional.of(given)).missing(made, NOW)).isEmpty();
    }

    @Test
    void anotherAuthorityTakesOverAndWhatTheOldOneIssuedStaysGood() {
        List<KeyEntry> before = plan(Optional.empty()).missing(List.of(), NOW);
        Authority old = newest(before, Role.INTERMEDIATE).authority();
        X509Certificate issued =
                old.client(Csr.parse(Csr.create(Keys.ec256(), "x", List.of())), List.of(), NOW, Authority.LEAF_LIFE);

        Instant later = NOW.plus(Duration.ofHours(1));
        KeyEntry given = authority("Company", later);
        List<KeyEntry> all = after(before, plan(Optional.of(given)).missing(before, later));

        var company = new ChainVerifier(List.of(given.certificate()));
        assertThat(company.refusal(newest(all, Role.HTTPS).chain(), later, false))
                .isEmpty();
        assertThat(newest(all, Role.HTTPS).key())
                .isEqualTo(newest(before, Role.HTTPS).key());
        var everybody = new ChainVerifier(all.stream()
                .filter(entry -> entry.role() == Role.ROOT || entry.role() == Role.INTERMEDIATE)
                .map(KeyEntry::certificate)
                .toList());
        assertThat(everybody.refusal(List.of(issued, old.certificate()), later, false))
                .isEmpty();
        assertThat(plan(Optional.of(given)).missing(all, later)).isEmpty();
    }

    @Test
    void backToTheFirstAuthorityAddsNoRootTwice() {
        KeyEntry first = authority("First", NOW);
        KeyEntry second = authority("Second", NOW.plusSeconds(60));
        List<KeyEntry> all = plan(Optional.of(first)).missing(List.of(), NOW);
        all = after(all, plan(Optional.of(second)).missing(all, NOW.plusSeconds(60)));
        all = after(all, plan(Optional.of(first)).missing(all, NOW.plusSeconds(120)));
        assertThat(all).extracting(KeyEntry::kid).doesNotHaveDuplicates();
        assertThat(new ChainVerifier(List.of(first.certificate()))
                        .refusal(newest(all, Role.HTTPS).chain(), NOW.plusSeconds(120), false))
                .isEmpty();
    }
}
