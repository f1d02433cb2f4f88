package io.postern.pki;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {
    @Test
    void verifiesItsOwnHashesOnly() {
        String hash = Passwords.hash("correct horse");
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(Passwords.hash("correct horse"));
        assertThat(Passwords.verify("correct horse", hash)).isTrue();
        assertThat(Passwords.verify("correct Horse", hash)).isFalse();
        assertThat(Passwords.verify("correct horse", "plain")).isFalse();
        assertThat(Passwords.verify("x".repeat(2000), hash)).isFalse();
    }

    @Test
    void noPasswordHasTheHashOfNoneWhichLooksLikeAnother() {
        String none = Passwords.hashOfNone();
        assertThat(none).hasSameSizeAs(Passwords.hash("x")).isNotEqualTo(Passwords.hashOfNone());
        assertThat(none).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(Passwords.verify("", none)).isFalse();
    }

    @Test
    void generatesReadableOnes() {
        assertThat(Passwords.generate()).matches("[A-Za-z2-9]{20}").isNotEqualTo(Passwords.generate());
    }
}
