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
        assertThat(Diagnosis.versions("0.1", "v2.0.0", true, Map.of("a", "v1", "b", "v1"))
                        .verdict())
                .isEqualTo(Verdict.WELL);
        assertThat(Diagnosis.versions("0.1", "v2.0.0", true, Map.of("a", "v1", "b", "v2"))
                        .verdict())
                .isEqualTo(Verdict.WARNING);
        assertThat(Diagnosis.versions("0.1", "v1.6.7", false, Map.of()).what()).contains("is OpenZiti v1.6.7");
    }
}
