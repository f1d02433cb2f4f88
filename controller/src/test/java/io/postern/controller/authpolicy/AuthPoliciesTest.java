package io.postern.controller.authpolicy;

import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Admin;
import io.restassured.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** There is one policy, stock tools find it as they look for it, and nobody changes it. */
@ControllerTest
class AuthPoliciesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id = \"default\" or name = \"default\" | 1",
                "name = \"Default\" and primary.cert.allowed = true | 1",
                "secondary.requireTotp = true | 0",
            })
    void areFoundByFilter(String filter, int count) {
        Admin.admin()
                .queryParam("filter", filter)
                .get("auth-policies")
                .then()
                .statusCode(200)
                .body("data", hasSize(count))
                .body("meta.pagination.totalCount", is(count));
    }

    @Test
    void showWhatStockToolsRead() {
        Admin.admin()
                .get("auth-policies/default")
                .then()
                .statusCode(200)
                .body("data.name", is("Default"))
                .body("data.primary.cert.allowed", is(true))
                .body("data.primary.extJwt.allowedSigners", hasSize(0))
                .body("data.primary.updb.minPasswordLength", is(5))
                .body("data.secondary.requireTotp", is(false))
                .body("data._links.self.href", is("./auth-policies/default"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, auth-policies, 405, METHOD_NOT_ALLOWED",
        "PUT, auth-policies/default, 405, METHOD_NOT_ALLOWED",
        "PATCH, auth-policies/default, 405, METHOD_NOT_ALLOWED",
        "DELETE, auth-policies/default, 400, ENTITY_CAN_NOT_BE_DELETED",
        "DELETE, auth-policies/nosuch, 404, NOT_FOUND",
        "GET, auth-policies/nosuch, 404, NOT_FOUND",
    })
    void cannotBeWritten(Method method, String path, int status, String code) {
        (method == Method.GET || method == Method.DELETE ? Admin.admin() : Admin.sending("{\"name\":\"x\"}"))
                .request(method, path)
                .then()
                .log()
                .ifValidationFails()
                .statusCode(status)
                .body("error.code", is(code));
    }
}
