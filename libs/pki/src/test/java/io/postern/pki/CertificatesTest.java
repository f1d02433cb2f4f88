package io.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificatesTest {
    private static final Instant NOW = Instant.parse("2026-10-01T12:00:00Z");
    private static final Authority ROOT = Authority.root(Keys.ec256(), "root", NOW);
    private static final Authority SIGNER = ROOT.intermediate(Keys.ec256(), "signer", NOW);

    @Test
    void identityCertificateHasTheStockShape() throws CertificateParsingException {
        var keys = Keys.ec384();
        var csr = Csr.parse(Csr.create(keys, "id1", List.of(new San.Dns("evil.example"))));
        var spiffe = new San.Uri("spiffe://domain/identity/id1");
        X509Certificate leaf = SIGNER.client(csr, List.of(spiffe), NOW, Authority.LEAF_LIFE);

        assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(Certificates.commonName(leaf)).contains("id1");
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minusSeconds(60));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, spiffe.value()));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(Arrays.copyOf(leaf.getKeyUsage(), 6)).containsExactly(true, false, true, true, false, false);
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(SIGNER.withIntermediates(leaf)).containsExactly(leaf, SIGNER.certificate());
    }

    @Test
    void routerServerCertificateKeepsTheRequestedNames() throws CertificateParsingException {
        var sans = List.of(San.host("r1.example"), San.host("127.0.0.1"), San.host("::1"));
        var csr = Csr.parse(Csr.create(Keys.rsa(2048), "r1", sans));
        var leaf = SIGNER.server(csr, NOW, Authority.LEAF_LIFE);
        assertThat(csr.sans())
                .containsExactly(new San.Dns("r1.example"), new San.Ip("127.0.0.1"), new San.Ip("0:0:0:0:0:0:0:1"));
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(3);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    }

    @Test
    void chainsVerify() {
        var verifier = new ChainVerifier(List.of(ROOT.certificate()));
        var leaf = leaf(SIGNER);
        assertThat(verifier.refusal(SIGNER.withIntermediates(leaf), NOW, false)).isEmpty();
        assertThat(verifier.refusal(List.of(leaf), NOW, false)).isPresent();
        assertThat(new ChainVerifier(SIGNER.chain()).refusal(List.of(leaf), NOW, false))
                .isEmpty();
        assertThat(verifier.refusal(List.of(), NOW, false)).contains("no client certificate");
    }

    @Test
    void chainsOfOthersDoNot() {
        var verifier = new ChainVerifier(SIGNER.chain());
        var otherRoot = Authority.root(Keys.ec256(), "root", NOW);
        var other = otherRoot.intermediate(Keys.ec256(), "signer", NOW);
        assertThat(verifier.refusal(other.withIntermediates(leaf(other)), NOW, false))
                .isPresent();
        assertThat(verifier.refusal(List.of(otherRoot.certificate()), NOW, false))
                .isPresent();
        // a leaf is no authority, whatever it signs
        KeyPair keys = Keys.ec256();
        var leaf = SIGNER.issue(keys.getPublic(), "id1", List.of(), Authority.Usage.CLIENT, NOW, Authority.LEAF_LIFE);
        var rogue = new Authority(keys.getPrivate(), List.of(leaf));
        assertThat(verifier.refusal(List.of(leaf(rogue), leaf), NOW, false)).isPresent();
    }

    @Test
    void expiryCounts() {
        var verifier = new ChainVerifier(SIGNER.chain());
        var chain = List.of(leaf(SIGNER));
        var later = NOW.plus(Duration.ofDays(366));
        assertThat(verifier.refusal(chain, later, false)).isPresent();
        assertThat(verifier.refusal(chain, later, true)).isEmpty();
        assertThat(verifier.refusal(chain, NOW.minusSeconds(120), false)).isPresent();
    }

    @Test
    void trustBundleRoundTrips() {
        String text = TrustBundle.toPkcs7Base64(SIGNER.chain());
        assertThat(TrustBundle.parse(text)).containsExactlyInAnyOrderElementsOf(SIGNER.chain());
        assertThat(text.lines().limit(3)).allMatch(line -> line.length() == 64);
        assertThatThrownBy(() -> TrustBundle.parse("AAAA")).isInstanceOf(PkiException.class);
    }

    @Test
    void pemRoundTrips() {
        assertThat(Certificates.parse(Certificates.toPem(SIGNER.chain()))).isEqualTo(SIGNER.chain());
        assertThat(Certificates.sha1(ROOT.certificate())).matches("[0-9a-f]{40}");
        assertThatThrownBy(() -> Certificates.parse("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"))
                .isInstanceOf(PkiException.class);
    }

    @Test
    void forgedSigningRequestsAreRefused() {
        String pem = Csr.create(Keys.ec256(), "id1", List.of());
        char swapped = pem.charAt(120) == 'A' ? 'B' : 'A';
        String forged = pem.substring(0, 120) + swapped + pem.substring(121);
        for (String text : List.of(forged, "", "nonsense", Certificates.toPem(ROOT.certificate()))) {
            assertThatThrownBy(() -> Csr.parse(text)).isInstanceOf(PkiException.class);
        }
    }

    private static X509Certificate leaf(Authority authority) {
        return authority.issue(
                Keys.ec256().getPublic(), "id1", List.of(), Authority.Usage.CLIENT, NOW, Authority.LEAF_LIFE);
    }
}
