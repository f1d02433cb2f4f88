package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client is one dependency of any program: neither it nor what it brings is a part of an application server. */
class OneDependencyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.quarkus.runtime.Quarkus",
                "io.quarkus.arc.Arc",
                "io.vertx.core.Vertx",
                "io.smallrye.mutiny.Uni",
                "jakarta.enterprise.inject.spi.CDI",
                "jakarta.ws.rs.core.Response",
                "org.hibernate.Session"
            })
    void knowsNo(String type) {
        assertThat(OneDependencyTest.class.getClassLoader().getResource(type.replace('.', '/') + ".class"))
                .isNull();
    }
}
