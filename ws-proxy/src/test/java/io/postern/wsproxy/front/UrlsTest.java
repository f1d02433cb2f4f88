package io.postern.wsproxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {
    @ParameterizedTest
    @CsvSource({
        "https://gw.example, gw.example:443",
        "https://gw.example/, gw.example:443",
        "http://gw.example, gw.example:80",
        "https://gw.example:8443, gw.example:8443",
        "https://gw.example/below/, gw.example:443",
        "https://[::1], [::1]:443",
    })
    void anAddressIsCalledByHostAndPort(String url, String authority) {
        assertThat(Urls.authority(url)).isEqualTo(authority);
    }

    /** A balancer takes 443 of the one and gives it to 8443 of the other. */
    @Test
    void whoCallsTheAddressIsAdmittedWhereverItLeads() {
        Names names = new Names(List.of(Urls.authority("https://gw.example")));
        assertThat(names.admit("gw.example", "https", 8443)).isTrue();
        assertThat(names.admit("gw.example:443", "https", 8443)).isTrue();
        assertThat(names.admit("gw.example:8443", "https", 8443)).isFalse();
        assertThat(names.admit("else.example", "https", 8443)).isFalse();
    }
}
