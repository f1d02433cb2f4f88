package io.postern.controller.kernel;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.postern.controller.ControllerTest;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

@ControllerTest
class ServicesTest {
    private static RequestSpecification admin() {
        return given().header("test-admin", "1").basePath("/edge/management/v1");
    }

    private static String create(String path, String body) {
        return admin().contentType("application/json")
                .body(body)
                .post(path)
                .then()
                .log()
                .ifValidationFails()
                .statusCode(201)
                .extract()
                .path("data.id");
    }

    @Test
    void aServiceLives() {
        String config = create(
                "configs",
                "{\"name\":\"c1\",\"configTypeId\":\"NH5p4FpGR\","
                        + "\"data\":{\"protocol\":\"tcp\",\"address\":\"localhost\",\"port\":80}}");
        String id = create(
                "services",
                "{\"name\":\"web\",\"configs\":[\"" + config + "\"],\"roleAttributes\":[\"s1\",\"s2\"],"
                        + "\"tags\":{\"a\":1,\"b\":\"x\"},\"unknown\":{}}");
        admin().get("services/" + id)
                .then()
                .log()
                .ifValidationFails()
                .statusCode(200)
                .contentType(equalTo("application/json"))
                .body("data.name", is("web"))
                .body("data.encryptionRequired", is(true))
                .body("data.tags.a", is(1))
                .body("data.configs", contains(config))
                .body("data._links.self.href", is("./services/" + id))
                .body("data.createdAt", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        for (String filter : new String[] {
            "name=\"web\"",
            "anyOf(roleAttributes)=\"s1\"",
            "count(roleAttributes)=2",
            "tags.a=1",
            "tags.b=\"x\"",
            "name contains \"we\" and encryptionRequired",
            "name icontains \"WE\"",
            "not isEmpty(roleAttributes)",
            "roleAttributes=\"s2\"",
            "name in [\"web\",\"x\"]",
            "createdAt > datetime(2020-01-01T00:00:00Z)",
            "allOf(roleAttributes) contains \"s\"",
            "tags.zz = null",
            "maxIdleTimeMillis between 0 and 5",
            "not (name = \"y\") sort by name desc limit none",
            "isEmpty(from roleAttributes where id = \"zz\")"
        }) {
            admin().queryParam("filter", filter)
                    .get("services")
                    .then()
                    .log()
                    .ifValidationFails()
                    .statusCode(200)
                    .body("data", hasSize(1))
                    .body("meta.pagination.totalCount", is(1));
        }
        admin().delete("configs/" + config).then().statusCode(409);
        admin().delete("services/" + id).then().statusCode(200);
        admin().delete("services/" + id).then().statusCode(404);
        admin().delete("configs/" + config).then().log().ifValidationFails().statusCode(200);
    }
}
