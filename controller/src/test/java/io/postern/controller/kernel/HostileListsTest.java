package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.controller.ControllerTest;
import io.postern.controller.testing.Admin;
import io.postern.testkit.LogCapture;
import io.restassured.response.Response;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a caller writes into a list's parameters is compared as it stands and never becomes SQL: it finds what it names, or
 * is refused in the stock codes.
 */
@ControllerTest
class HostileListsTest {
    /** Quotes of both kinds, the wildcards of LIKE, a backslash, a comment, beyond ASCII and beyond the basic plane. */
    private static final String NAME = "o'dd \"q\" 100% a_b c\\d -- /* $1 ? :x ; é 日本 🚀";

    private static final List<String> KINDS = List.of(
            "identities",
            "edge-routers",
            "services",
            "configs",
            "config-types",
            "service-policies",
            "edge-router-policies",
            "service-edge-router-policies",
            "terminators",
            "enrollments",
            "authenticators",
            "api-sessions",
            "sessions");

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private LogCapture log;
    private String id;
    private String other;

    @BeforeEach
    void make() {
        log = LogCapture.of("postern.api", Level.SEVERE, failures::add);
        id = Admin.create(
                "services",
                "{\"name\":" + json(NAME) + ",\"roleAttributes\":[" + json("at'tr\"i%b_u\\te") + "],\"tags\":{"
                        + json("k'ey") + ":\"v\",\"path\":\"o'dd\"}}");
        other = Admin.create("services", "{\"name\":\"plain\",\"roleAttributes\":[\"plain\"]}");
    }

    @AfterEach
    void remove() {
        log.close();
        Admin.admin().delete("services/" + id).then().statusCode(200);
        Admin.admin().delete("services/" + other).then().statusCode(200);
        assertThat(failures).as("nothing is answered as a failure of ours").isEmpty();
    }

    private static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static Response filtered(String filter) {
        return Admin.admin().queryParam("filter", filter).get("services");
    }

    private static List<String> found(String filter) {
        return filtered(filter)
                .then()
                .log()
                .ifValidationFails()
                .statusCode(200)
                .extract()
                .path("data.id");
    }

    /** Literals of the filter language are escaped as those of JSON are. */
    @Test
    void everyCharacterOfAValueStandsForItself() {
        assertThat(found("name = " + json(NAME))).containsExactly(id);
        for (String part :
                List.of("o'dd", "\"q\"", "100%", "a_b", "c\\d", "--", "/*", "$1", "?", ":x", ";", "é", "日本", "🚀")) {
            assertThat(found("name contains " + json(part))).as(part).containsExactly(id);
            assertThat(found("name icontains " + json(part))).as(part).containsExactly(id);
        }
        assertThat(found("name icontains \"O'DD\"")).containsExactly(id);
        assertThat(found("anyOf(roleAttributes) = " + json("at'tr\"i%b_u\\te"))).containsExactly(id);
        assertThat(found("roleAttributes in [" + json("at'tr\"i%b_u\\te") + "]"))
                .containsExactly(id);
        assertThat(found("tags.path = \"o'dd\"")).containsExactly(id);
        assertThat(found("id = \"" + id + "\" and name between \"o\" and \"p\""))
                .containsExactly(id);
    }

    /** Wildcards match nothing but themselves, and what would end a string or a statement of SQL is a part of the text. */
    @Test
    void aValueIsNoPatternAndNoSql() {
        for (String value : List.of(
                "1%0",
                "a%b",
                "aXb",
                "_",
                "%%",
                "' or '1'='1",
                "x' or true --",
                "'; drop table service; --",
                "\\' or 1=1",
                "$$",
                "\u2019")) {
            String filter = "name = " + json(value) + " or tags.path = " + json(value) + " or anyOf(roleAttributes) = "
                    + json(value);
            assertThat(found(filter)).as(value).isEmpty();
        }
        assertThat(found("name contains \"%\"")).containsExactly(id);
        assertThat(found("name contains \"_\"")).containsExactly(id);
        assertThat(found("true")).contains(id, other);
    }

    private static void refused(Response answer, String code) {
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.<String>path("error.code")).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuch = 1", // fields
                "e.id = \"x\"",
                "id.x = \"y\"",
                "NAME = \"x\"",
                "isEmpty(from roleAttributes where nosuch = 1)",
                "\"name\" = 1",
                "maxIdleTimeMillis = \"x\"", // types
                "maxIdleTimeMillis contains \"1\"",
                "maxIdleTimeMillis = 99999999999999999999",
                "encryptionRequired = \"true\"",
                "encryptionRequired = 1",
                "encryptionRequired < null",
                "createdAt = \"2020\"",
                "createdAt > datetime(2020-13-01T00:00:00Z)",
                "createdAt > datetime(+999999999-12-31T23:59:59Z)",
                "createdAt > datetime(-999999999-12-31T23:59:59Z)",
                "tags.n contains 1",
                "count(roleAttributes) = \"x\"",
                "count(name) = 1",
                "isEmpty(name)",
                "name = \"a\0b\"", // text
                "tags.path = \"\0\"",
                "a'b = 1",
                "name; = 1",
                "tags.a}b = \"v\"",
                "name = $1",
                "name = ?",
                "name -- = 1",
                "name/*x*/ = \"a\"",
                "name = 'x'",
                "name in []",
                "name in [\"a\"",
                "name between \"a\"",
                "limit 99999999999999999999",
                "true limit 1 skip 2",
                "sort by name; drop table service",
                "datetime("
            })
    void nonsenseIsAnInvalidFilter(String filter) {
        refused(filtered(filter), "INVALID_FILTER");
    }

    @Test
    void depthAndLengthAreBounded() {
        refused(filtered("not ".repeat(70) + "true"), "INVALID_FILTER");
        refused(filtered("(".repeat(500) + "true" + ")".repeat(500)), "INVALID_FILTER");
        refused(filtered("isEmpty(from roleAttributes where ".repeat(70) + "true" + ")".repeat(70)), "INVALID_FILTER");
        assertThat(found("id in [" + "\"x\",".repeat(300) + "\"" + id + "\"]")).containsExactly(id);
        assertThat(found("id = \"" + id + "\"" + " or false".repeat(200))).containsExactly(id);
        assertThat(filtered("id in [" + "\"x\",".repeat(20_000) + "\"x\"]").statusCode())
                .isEqualTo(414);
        assertThat(found("id = \"" + id + "\"")).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nosuch",
                "e.id",
                "roleAttributes",
                "name desc desc",
                "name sideways",
                "name; drop table service",
                "name,",
                "'",
                "\0",
                "(select 1)",
                "1"
            })
    void anUnknownOrderIsRefused(String sort) {
        refused(Admin.admin().queryParam("sort", sort).get("services"), "INVALID_SORT_IDENTIFIER");
    }

    @Test
    void ordersAndPagesAreTakenAsTheSheetSays() {
        String both = "id in [\"" + id + "\",\"" + other + "\"]";
        assertThat(found(both + " sort by name desc")).containsExactly(other, id);
        assertThat(found(both + " sort by name asc, createdAt desc")).containsExactly(id, other);
        assertThat(found(both + " sort by tags.path")).containsExactlyInAnyOrder(id, other);
        assertThat(found(both + " sort by name skip 1 limit 1")).containsExactly(other);
        for (String limit : List.of("-2", "-1", "0", "5000", "none")) {
            Response answer = Admin.admin()
                    .queryParam("filter", both)
                    .queryParam("limit", limit)
                    .queryParam("offset", "-1")
                    .get("services");
            assertThat(answer.<Integer>path("meta.pagination.totalCount"))
                    .as(limit)
                    .isEqualTo(2);
        }
        Response far = Admin.admin()
                .queryParam("filter", both)
                .queryParam("offset", "100001")
                .get("services");
        assertThat(far.<List<?>>path("data")).isEmpty();
        assertThat(far.<Integer>path("meta.pagination.totalCount")).isEqualTo(2);
        for (String parameter : List.of("limit", "offset")) {
            for (String wrong : List.of("abc", "1.5", "1e3", "0x10", "1;drop", "99999999999999999999")) {
                Response answer = Admin.admin().queryParam(parameter, wrong).get("services");
                refused(answer, "INVALID_PAGINATION");
                assertThat(answer.<String>path("error.cause.field")).isEqualTo(parameter);
            }
        }
    }

    /** No parameter, wherever it is sent, is answered as a failure of ours. */
    @Test
    void noKindFails() {
        for (String kind : KINDS) {
            assertThat(Admin.admin().queryParam("roleFilter", "#all").get(kind).statusCode())
                    .as(kind)
                    .isEqualTo(200);
            assertThat(Admin.admin().queryParam("roleFilter", "x'y\\").get(kind).statusCode())
                    .as(kind)
                    .isEqualTo(200);
            assertThat(Admin.admin().queryParam("roleFilter", "#\0").get(kind).statusCode())
                    .as(kind)
                    .isIn(200, 400);
            refused(Admin.admin().queryParam("filter", "nosuch = 1").get(kind), "INVALID_FILTER");
            refused(Admin.admin().queryParam("sort", "nosuch").get(kind), "INVALID_SORT_IDENTIFIER");
            assertThat(Admin.admin()
                            .queryParam(
                                    "filter",
                                    "id contains \"'\" or tags.x = \"'\" or createdAt < datetime(0001-01-01T00:00:00Z)")
                            .get(kind)
                            .statusCode())
                    .as(kind)
                    .isEqualTo(200);
            assertThat(Admin.admin().get(kind + "/a'b").statusCode()).as(kind).isEqualTo(404);
            for (Response answer : List.of(
                    Admin.admin().get(kind + "/a\0b"),
                    Admin.admin().delete(kind + "/a\0b"),
                    Admin.admin().get(kind + "/a\0b/services"))) {
                assertThat(answer.statusCode()).as(kind).isIn(400, 404);
            }
        }
        Admin.admin().queryParam("asIdentity", "no'such").get("services").then().statusCode(200);
        assertThat(Admin.admin()
                        .queryParam("asIdentity", "a\0b")
                        .get("services")
                        .statusCode())
                .isEqualTo(400);
    }
}
