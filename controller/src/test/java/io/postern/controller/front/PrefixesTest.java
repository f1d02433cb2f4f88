package io.postern.controller.front;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixesTest {
    @ParameterizedTest
    @CsvSource({
        "/version, /edge/client/v1/version",
        "//version, /edge/client/v1/version",
        "/, /edge/client/v1/version",
        "/edge/client/v1/services, /edge/client/v1/services",
        "/edge/client/v1//services, /edge/client/v1/services",
        "/edge/v1/services, /edge/client/v1/services",
        "/edge/management/v1/services, /edge/management/v1/services",
        "/edge/management/v1//version, /edge/client/v1/version",
        "/edge/management/v1/current-identity/mfa, /edge/client/v1/current-identity/mfa",
        "/edge/management/v1/versions, /edge/management/v1/versions",
        "/services/a%2F%2Fb, /edge/client/v1/services/a%2F%2Fb",
        "/quick, /edge/client/v1/quick",
        "/q/health, /q/health",
        "/fabric/v1/links, /fabric/v1/links"
    })
    void everyPathHasOneForm(String asked, String canonical) {
        assertThat(Prefixes.canonical(asked)).isEqualTo(canonical);
    }
}
