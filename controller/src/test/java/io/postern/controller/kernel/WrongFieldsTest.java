package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong field is refused by its name, and nothing is half made. */
@ControllerTest
class WrongFieldsTest {
    private int before;

    private static int count(String collection) {
        return Admin.admin()
                .queryParam("limit", 1)
                .get(collection)
                .then()
                .statusCode(200)
                .extract()
                .path("meta.pagination.totalCount");
    }

    @BeforeEach
    void countIdentities() {
        before = count("identities");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "services | {'name':5} | name",
                "services | {'name':''} | name",
                "services | {'name':'w','encryptionRequired':'yes'} | encryptionRequired",
                "services | {'name':'w','configs':['nosuch']} | configs",
                "services | {'name':'w','configs':[5]} | configs[0]",
                "services | {'name':'w','configs':[null]} | configs",
                "services | {'name':'w','roleAttributes':['#x']} | roleAttributes[0]",
                "services | {'name':'w','roleAttributes':'x'} | roleAttributes",
                "services | {'name':'w','terminatorStrategy':'nosuch'} | terminatorStrategy",
                "services | {'name':'w','maxIdleTimeMillis':-1} | maxIdleTimeMillis",
                "services | {'name':'w','maxIdleTimeMillis':1.5} | maxIdleTimeMillis",
                "services | {'name':'w','tags':5} | tags",
                "services | {'name':'w\\u0000'} | name",
                "identities | {'name':'w','type':'Default'} | isAdmin",
                "identities | {'name':'w','type':'Nope','isAdmin':false} | type",
                "identities | {'name':'w','type':5,'isAdmin':false} | type",
                "identities | {'name':'w','type':'Router','isAdmin':false} | type",
                "identities | {'name':'w','type':'Default','isAdmin':0} | isAdmin",
                "identities | {'name':'w','type':'Default','isAdmin':false,'defaultHostingCost':70000}"
                        + " | defaultHostingCost",
                "identities | {'name':'w','type':'Default','isAdmin':false,'defaultHostingPrecedence':'x'}"
                        + " | defaultHostingPrecedence",
                "identities | {'name':'w','type':'Default','isAdmin':false,'serviceHostingCosts':{'nosuch':1}}"
                        + " | serviceHostingCosts",
                "identities | {'name':'w','type':'Default','isAdmin':false,'authPolicyId':'nosuch'} | authPolicyId",
                "identities | {'name':'w','type':'Default','isAdmin':false,'enrollment':{'ottca':'x'}}"
                        + " | enrollment.ottca",
                "identities | {'name':'w','type':'Default','isAdmin':false,'enrollment':{'ott':'x'}} | enrollment.ott",
                "edge-routers | {'name':'w','cost':-1} | cost",
                "edge-routers | {'name':'w','isTunnelerEnabled':1} | isTunnelerEnabled",
                "edge-routers | {'name':'w','configs':['nosuch']} | configs",
                "configs | {'name':'w','configTypeId':'nosuch','data':{}} | configTypeId",
                "configs | {'name':'w','configTypeId':'NH5p4FpGR','data':{'protocol':'tcp','address':'a','port':'x'}}"
                        + " | data.port",
                "configs | {'name':'w','configTypeId':'NH5p4FpGR','data':[]} | data",
                "configs | {'name':'w','configTypeId':'g7cIWbcGg','data':{'protocols':['tcp'],'addresses':['a'],"
                        + "'portRanges':[{'low':1}]}} | data.portRanges[0].high",
                "config-types | {'name':'w','schema':{'type':5}} | schema",
                "config-types | {'name':'w','target':'x'} | target",
                "service-policies | {'name':'w','type':'Dial','semantic':'Most'} | semantic",
                "service-policies | {'name':'w','type':'Dial','semantic':'AnyOf','serviceRoles':['x']} | serviceRoles",
                "service-policies | {'name':'w','type':'Dial','semantic':'AnyOf','identityRoles':['@nosuch']}"
                        + " | identityRoles",
                "edge-router-policies | {'name':'w','semantic':'AnyOf','edgeRouterRoles':['@nosuch']}"
                        + " | edgeRouterRoles",
                "service-edge-router-policies | {'name':'w','semantic':'AnyOf','serviceRoles':[7]} | serviceRoles[0]",
                "terminators | {'service':'nosuch','router':'nosuch','binding':'edge','address':'a'} | service",
                "terminators | {'service':'s','router':'r','binding':'edge','address':'a','precedence':'x'}"
                        + " | precedence",
                "enrollments | {'identityId':'nosuch','method':'ott','expiresAt':'2099-01-01T00:00:00Z'} | identityId",
                "enrollments | {'identityId':'x','method':'ott','expiresAt':'2001-01-01T00:00:00Z'} | expiresAt",
                "enrollments | {'identityId':'x','method':'ott','expiresAt':'soon'} | expiresAt",
                "enrollments | {'identityId':'x','method':'erott','expiresAt':'2099-01-01T00:00:00Z'} | method",
                "authenticators | {'method':'updb','identityId':'nosuch','username':'u','password':'12345'}"
                        + " | identityId",
                "authenticators | {'method':'cert','identityId':'nosuch'} | password",
                "authenticators | {'method':'updb','identityId':'x','username':'u','password':'1'} | password",
            })
    void isNamed(String collection, String body, String field) {
        int there = count(collection);
        Admin.sending(body.replace('\'', '"'))
                .post(collection)
                .then()
                .log()
                .ifValidationFails()
                .statusCode(400)
                .body("error.cause.field", is(field));
        assertThat(count(collection)).isEqualTo(there);
        assertThat(count("identities")).isEqualTo(before);
    }

    @Test
    void aPatchIsHeldToTheSameRules() {
        String id = Admin.create("services", "{\"name\":\"patched\",\"roleAttributes\":[\"a\"]}");
        Admin.sending("{\"maxIdleTimeMillis\":\"x\"}")
                .patch("services/" + id)
                .then()
                .statusCode(400)
                .body("error.cause.field", is("maxIdleTimeMillis"));
        Admin.sending("{\"name\":null}").patch("services/" + id).then().statusCode(400);
        Admin.sending("{\"roleAttributes\":null}")
                .patch("services/" + id)
                .then()
                .statusCode(200);
        Admin.admin()
                .get("services/" + id)
                .then()
                .body("data.roleAttributes.size()", is(0))
                .body("data.name", is("patched"));
        Admin.admin().delete("services/" + id).then().statusCode(200);
    }

    @Test
    void aRouterWhoseIdentityCannotBeMadeIsNotMade() {
        String identity = Admin.create("identities", "{\"name\":\"taken\",\"type\":\"Default\",\"isAdmin\":false}");
        int routers = count("edge-routers");
        Admin.sending("{\"name\":\"taken\",\"isTunnelerEnabled\":true}")
                .post("edge-routers")
                .then()
                .statusCode(400)
                .body("error.cause.field", is("name"));
        assertThat(count("edge-routers")).isEqualTo(routers);
        Admin.admin().delete("identities/" + identity).then().statusCode(200);
    }

    @Test
    void aBodyTooLargeIsRefusedBeforeItsSenderIsKnown() {
        io.restassured.RestAssured.given()
                .contentType("application/json")
                .body("x".repeat(3_000_000))
                .post("/edge/management/v1/services")
                .then()
                .statusCode(413)
                .body("error.code", is("REQUEST_ENTITY_TOO_LARGE"));
    }

    /** Stock answers with its internal statuses 601 and 602 here. */
    @ParameterizedTest
    @CsvSource({"limit,abc", "offset,abc", "limit,99999999999999999999"})
    void aWrongListParameterIsNamed(String parameter, String value) {
        Admin.admin()
                .queryParam(parameter, value)
                .get("services")
                .then()
                .log()
                .ifValidationFails()
                .statusCode(400)
                .body("error.cause.field", is(parameter));
    }

    @ParameterizedTest
    @CsvSource({"''", "null", "[]", "'{'", "5"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        Admin.sending(body).post("services").then().log().ifValidationFails().statusCode(400);
    }

    /** Stock answers 500 and leaves the reader to guess. */
    @Test
    void whatIsInUseIsNotDeleted() {
        String type = Admin.create("config-types", "{\"name\":\"used type\"}");
        String config =
                Admin.create("configs", "{\"name\":\"used config\",\"configTypeId\":\"" + type + "\",\"data\":{}}");
        String service = Admin.create("services", "{\"name\":\"user\",\"configs\":[\"" + config + "\"]}");
        for (String used : new String[] {"config-types/" + type, "configs/" + config}) {
            Admin.admin()
                    .delete(used)
                    .then()
                    .log()
                    .ifValidationFails()
                    .statusCode(409)
                    .body("error.code", is("CAN_NOT_DELETE_REFERENCED_ENTITY"));
        }
        for (String each : new String[] {"services/" + service, "configs/" + config, "config-types/" + type}) {
            Admin.admin().delete(each).then().statusCode(200);
        }
    }
}
