package io.postern.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.doctor.Finding.Verdict;
import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    @Test
    void aPolicyIsProposedForTheLoginAlone() {
        assertThat(Diagnosis.anyRouter("my laptop"))
                .isEqualTo("postern create edge-router-policy 'my laptop-routers' --edge-router-roles '#all'"
                        + " --identity-roles '@my laptop'");
    }

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Authority ROOT = Authority.root(Keys.ec256(), "root", NOW.minus(Duration.ofDays(400)));

    private static X509Certificate leaf(Instant from, Duration life) {
        KeyPair keys = Keys.ec256();
        return ROOT.issue(keys.getPublic(), "leaf", List.of(new San.Dns("here")), Authority.Usage.SERVER, from, life);
    }

    @Test
    void aClockIsJudgedByHowFarItIsOff() {
        assertThat(Diagnosis.clock(NOW, NOW.minusSeconds(2)).verdict()).isEqualTo(Verdict.WELL);
        assertThat(Diagnosis.clock(NOW, NOW.plusSeconds(90)).verdict()).isEqualTo(Verdict.WARNING);
        Finding far = Diagnosis.clock(NOW, NOW.plusSeconds(3600));
        assertThat(far.verdict()).isEqualTo(Verdict.ILL);
        assertThat(far.what()).contains("3600 s behind");
        assertThat(far.mend()).contains("timedatectl");
    }

    @Test
    void anExpiredCertificateIsThatBeforeItIsUntrusted() {
        X509Certificate old = leaf(NOW.minus(Duration.ofDays(20)), Duration.ofDays(10));
        Finding finding = Diagnosis.chain("tls", List.of(old), "some reason", "here", NOW);
        assertThat(finding.verdict()).isEqualTo(Verdict.ILL);
        assertThat(finding.what()).contains("expired at");
    }

    @Test
    void aCertificateOfAnotherNetworkIsIll() {
        X509Certificate good = leaf(NOW.minus(Duration.ofDays(1)), Duration.ofDays(300));
        Authority other = Authority.root(Keys.ec256(), "other", NOW.minus(Duration.ofDays(400)));
        X509Certificate[] chain = {good};
        assertThat(Probe.judge(chain, other.chain())).isNotNull();
        Finding finding = Diagnosis.chain("tls", List.of(good), Probe.judge(chain, other.chain()), "here", NOW);
        assertThat(finding.verdict()).isEqualTo(Verdict.ILL);
        assertThat(finding.mend()).contains("postern login");
    }

    @Test
    void aCertificateThatEndsSoonIsAWarning() {
        X509Certificate soon = leaf(NOW.minus(Duration.ofDays(1)), Duration.ofDays(10));
        assertThat(Diagnosis.chain("tls", List.of(soon), null, "here", NOW).verdict())
                .isEqualTo(Verdict.WARNING);
        X509Certificate later = leaf(NOW.plus(Duration.ofDays(1)), Duration.ofDays(10));
        assertThat(Diagnosis.chain("tls", List.of(later), null, "here", NOW).what())
                .contains("not valid before");
    }

    @Test
    void routersOfDifferentReleasesAreAWarning() {
        Peer controller = new Peer("v2.0.0", "postern-0.2.0");
        Peer old = new Peer("v2.1.0", "postern-0.1.0");
        Peer young = new Peer("v2.1.0", "postern-0.2.0");
        Peer stock = new Peer("v2.1.0", "86d7b0d7b2a4");

        Finding one = Diagnosis.versions("0.2.0", controller, Map.of("a", young, "b", young, "stock", stock));
        assertThat(one.verdict()).isEqualTo(Verdict.WELL);
        assertThat(one.what()).contains("the controller is Postern 0.2.0 and speaks the API of OpenZiti v2.0.0");

        Finding two = Diagnosis.versions("0.2.0", controller, Map.of("a", young, "b", old));
        assertThat(two.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(two.what()).contains("a is Postern 0.2.0, b is Postern 0.1.0");

        Finding stockOnes =
                Diagnosis.versions("0.2.0", controller, Map.of("a", stock, "b", new Peer("v1.6.7", "5c2b7d6e0f11")));
        assertThat(stockOnes.verdict()).isEqualTo(Verdict.WARNING);

        Peer other = new Peer("v1.6.7", "5c2b7d6e0f11");
        assertThat(Diagnosis.versions("0.2.0", other, Map.of()).what()).endsWith("the controller is OpenZiti v1.6.7");
    }
}
