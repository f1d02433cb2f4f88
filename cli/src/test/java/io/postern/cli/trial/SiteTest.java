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
    void aPathIsSentInAscii() {
        assertThat(Site.of("localhost:8000/größe?q=東").path()).isEqualTo("/gr%C3%B6%C3%9Fe?q=%E6%9D%B1");
        assertThat(Site.of("localhost:8000/a%20b").path()).isEqualTo("/a%20b");
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThatThrownBy(() -> Trial.listening(Site.of("http://no-such-host.invalid/")))
                .isInstanceOf(Failure.class)
                .hasMessage("There is no host no-such-host.invalid.");
    }

    @Test
    void whatIsNoWebAddressIsRefused() {
        for (String wrong : new String[] {"ftp://a/", "http://", "http://a b/", "http://localhost:99999/"}) {
            assertThatThrownBy(() -> Site.of(wrong)).isInstanceOf(Failure.class).hasMessageContaining("looks like");
        }
    }
}
