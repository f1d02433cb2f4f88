package io.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void readsEveryPemForm() throws IOException {
        for (var keys : List.of(Keys.ec256(), Keys.ec384(), Keys.rsa(2048))) {
            assertThat(Keys.privateKey(Keys.toPem(keys.getPrivate()))).isEqualTo(keys.getPrivate());
            // SEC1 and PKCS#1, the forms the Go tools write
            String text = traditional(keys.getPrivate());
            assertThat(text).containsPattern("BEGIN (EC|RSA) PRIVATE KEY");
            assertThat(secret(Keys.privateKey("leading text\n" + text))).isEqualTo(secret(keys.getPrivate()));
        }
    }

    @Test
    void namesNoSecretInItsErrors() {
        String pem = Keys.toPem(Keys.ec256().getPrivate());
        String broken = pem.replaceAll("(?m)^M", "!");
        assertThatThrownBy(() -> Keys.privateKey(broken))
                .isInstanceOf(PkiException.class)
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain(pem.substring(40, 60));
        assertThatThrownBy(() -> Keys.privateKey("")).isInstanceOf(PkiException.class);
    }

    @Test
    void namesTheJwsAlgorithm() {
        assertThat(Keys.jwsAlgorithm(Keys.ec256().getPublic())).isEqualTo("ES256");
        assertThat(Keys.jwsAlgorithm(Keys.ec384().getPrivate())).isEqualTo("ES384");
        assertThat(Keys.jwsAlgorithm(Keys.rsa(2048).getPrivate())).isEqualTo("RS256");
    }

    /** Keys that differ in their encoding only are the same. */
    private static BigInteger secret(PrivateKey key) {
        return key instanceof ECPrivateKey ec ? ec.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    private static String traditional(PrivateKey key) throws IOException {
        var info = PrivateKeyInfo.getInstance(key.getEncoded());
        if (key instanceof ECPrivateKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            var sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(
                    bits, ec.getS(), info.getPrivateKeyAlgorithm().getParameters());
            return Pem.armour("EC PRIVATE KEY", sec1.getEncoded());
        }
        return Pem.armour(
                "RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
    }
}
