package io.postern.controller.testing;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;

/** Calls of the management API by an administrator. */
public final class Admin {
    private Admin() {}

    public static RequestSpecification admin() {
        return given().header("test-admin", "1").basePath("/edge/management/v1");
    }

    public static RequestSpecification sending(Object body) {
        return admin().contentType("application/json").body(body);
    }

    /** @return the new id */
    public static String create(String collection, String body) {
        return sending(body)
                .post(collection)
                .then()
                .log()
                .ifValidationFails()
                .statusCode(201)
                .extract()
                .path("data.id");
    }
}
