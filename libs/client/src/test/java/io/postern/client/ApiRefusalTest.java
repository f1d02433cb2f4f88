package io.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ApiRefusalTest {
    private static ApiRefusal of(int status, String body) throws IOException {
        return ApiRefusal.of(status, Http.JSON.readTree(body));
    }

    @Test
    void aWrongFieldIsNamed() throws IOException {
        ApiRefusal refusal = of(400, """
                {"error":{"code":"COULD_NOT_VALIDATE","message":"see cause","cause":{"field":"name",
                "reason":"name must be unique","value":"web"}},"meta":{}}""");
        assertThat(refusal.field()).contains("name");
        assertThat(refusal.reason()).contains("name must be unique");
        assertThat(refusal.code()).isEqualTo("COULD_NOT_VALIDATE");
        assertThat(refusal).hasMessage("COULD_NOT_VALIDATE: see cause. Field name: name must be unique");
    }

    @Test
    void aNestedCauseIsQuoted() throws IOException {
        ApiRefusal refusal = of(404, """
                {"error":{"code":"NOT_FOUND","message":"gone","cause":{"code":"UNHANDLED",
                "message":"service with id x not found"}},"meta":{}}""");
        assertThat(refusal).hasMessage("NOT_FOUND: gone (service with id x not found)");
        assertThat(refusal.field()).isEmpty();
    }

    @Test
    void aBareErrorAndNoErrorAtAllAreReadToo() throws IOException {
        assertThat(of(413, "{\"code\":\"REQUEST_ENTITY_TOO_LARGE\",\"message\":\"too large\",\"cause\":\"why\"}"))
                .hasMessage("REQUEST_ENTITY_TOO_LARGE: too large (why)");
        assertThat(of(502, "{}").code()).isEqualTo("HTTP_502");
        assertThat(of(401, "{}").unauthorized()).isTrue();
    }
}
