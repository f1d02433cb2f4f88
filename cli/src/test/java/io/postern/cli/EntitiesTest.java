package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.FakeApi.Ran;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What create, list, show, update and delete send, and what they refuse to. */
class EntitiesTest {
    @TempDir
    Path folder;

    private FakeApi api;

    @BeforeEach
    void start() throws GeneralSecurityException, IOException {
        api = new FakeApi();
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"AnyOf,AnyOf", "allof,AllOf", "ALLOF,AllOf"})
    void aSemanticIsOneOfTwoWords(String given, String sent) {
        assertThat(api.run("create", "service-policy", "p", "--semantic", given).code())
                .isZero();
        assertThat(api.sent("POST").getFirst().path("semantic").asText()).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"All", "all-of", "bogus", ""})
    void anotherWordForASemanticLetsNobodyIn(String given) {
        Ran ran = api.run("create", "service-policy", "p", "--semantic", given);
        assertThat(ran.code()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("--semantic", "AnyOf, AllOf", "'" + given + "'");
        assertThat(api.calls).isEmpty();
    }
}
