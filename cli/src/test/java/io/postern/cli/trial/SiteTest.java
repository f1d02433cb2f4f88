package io.postern.cli.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.cli.Failure;
import org.junit.jupiter.api.Test;

class SiteTest {
    @Test
    void anAddressIsReadAsPeopleWriteIt() {
        assertThat(Site.of("localhost:8000")).isEqualTo(new Site(false, "localhost", 8000, "/"));
        assertThat(Site.of("https://a.example/x?y=1")).isEqualTo(new Site(true, "a.example", 443, "/x?y=1"));
        assertThat(Site.of("http://[::1]:8080/")).isEqualTo(new Site(false, "::1", 8080, "/"));
        assertThat(Site.of("http://[::1]:8080/").authority()).isEqualTo("[::1]:8080");
        assertThat(Site.of("https://a.example").authority()).isEqualTo("a.example");
    }

    @Test
    void whatIsNoWebAddressIsRefused() {
        for (String wrong : new String[] {"ftp://a/", "http://", "http://a b/"}) {
            assertThatThrownBy(() -> Site.of(wrong)).isInstanceOf(Failure.class).hasMessageContaining("looks like");
        }
    }
}
