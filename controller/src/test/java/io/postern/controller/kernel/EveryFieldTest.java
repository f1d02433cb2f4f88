package io.postern.controller.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.controller.ControllerTest;
import io.postern.controller.authenticator.AuthenticatorDraft;
import io.postern.controller.config.ConfigDraft;
import io.postern.controller.config.ConfigTypeDraft;
import io.postern.controller.enrollment.EnrollmentDraft;
import io.postern.controller.identity.IdentityDraft;
import io.postern.controller.policy.EdgeRouterPolicyDraft;
import io.postern.controller.policy.ServiceEdgeRouterPolicyDraft;
import io.postern.controller.policy.ServicePolicyDraft;
import io.postern.controller.router.EdgeRouterDraft;
import io.postern.controller.service.ServiceDraft;
import io.postern.controller.terminator.TerminatorDraft;
import io.postern.controller.testing.Admin;
import io.restassured.response.Response;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every field of every kind that a caller may write, with a value of a wrong type, another one in POST and in PATCH: each is a 400 that names the field, and changes nothing. The fields are read from the drafts, so that a new one is tested
 * when it is there.
 */
@ControllerTest
class EveryFieldTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One of each JSON type. */
    private static final Map<String, String> VALUES = new TreeMap<>(Map.of(
            "text",
            "\"no such word\"",
            "number",
            "7",
            "truth",
            "true",
            "list",
            "[7]",
            "object",
            "{\"no such word\":[]}"));

    private final List<String> made = new ArrayList<>();
    private final Map<String, Made> kinds = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int asked;

    /** @param changes PATCH, where the kind has it */
    private record Made(Class<? extends Record> draft, ObjectNode body, String id, List<String> changes) {}

    @BeforeEach
    void makeOneOfEach() throws IOException {
        String type = make("config-types", ConfigTypeDraft.class, "{'name':'every type','schema':{'type':'object'}}");
        make("configs", ConfigDraft.class, "{'name':'every config','configTypeId':'" + type + "','data':{}}");
        String service = make("services", ServiceDraft.class, "{'name':'every service'}");
        String router = make("edge-routers", EdgeRouterDraft.class, "{'name':'every router'}");
        String identity =
                make("identities", IdentityDraft.class, "{'name':'every identity','type':'Default','isAdmin':false}");
        make(
                "service-policies",
                ServicePolicyDraft.class,
                "{'name':'every policy','type':'Dial','semantic':'AnyOf','serviceRoles':['#all']}");
        make("edge-router-policies", EdgeRouterPolicyDraft.class, "{'name':'every policy','semantic':'AnyOf'}");
        make(
                "service-edge-router-policies",
                ServiceEdgeRouterPolicyDraft.class,
                "{'name':'every policy','semantic':'AnyOf'}");
        make(
                "terminators",
                TerminatorDraft.class,
                "{'service':'" + service + "','router':'" + router + "','binding':'edge','address':'a'}");
        make(
                "enrollments",
                EnrollmentDraft.class,
                "{'identityId':'" + identity + "','method':'ott','expiresAt':'"
                        + Instant.now().plusSeconds(3600) + "'}");
        make(
                "authenticators",
                AuthenticatorDraft.class,
                "{'method':'updb','identityId':'" + identity + "','username':'every','password':'everybody'}");
    }

    private String make(String collection, Class<? extends Record> draft, String body) throws IOException {
        ObjectNode whole = (ObjectNode) JSON.readTree(body.replace('\'', '"'));
        String id = Admin.create(collection, whole.toString());
        made.addFirst(collection + "/" + id);
        kinds.put(
                collection,
                new Made(draft, whole, id, collection.equals("enrollments") ? List.of() : List.of("PATCH")));
        return id;
    }

    @AfterEach
    void removeAll() {
        made.forEach(path -> Admin.admin().delete(path));
    }

    @Test
    void aValueOfAWrongTypeIsRefusedByItsFieldsName() throws IOException {
        for (Map.Entry<String, Made> kind : kinds.entrySet()) {
            String before = state(kind.getKey(), kind.getValue().id());
            for (RecordComponent field : kind.getValue().draft().getRecordComponents()) {
                List<String> values = VALUES.entrySet().stream()
                        .filter(value -> !fits(field, value.getKey()))
                        .map(Map.Entry::getValue)
                        .toList();
                refused(kind.getKey(), kind.getValue(), field.getName(), values);
            }
            assertThat(state(kind.getKey(), kind.getValue().id()))
                    .as("%s are as before", kind.getKey())
                    .isEqualTo(before);
        }
        assertThat(wrong).as("answers that are no 400 with the field's name").isEmpty();
        assertThat(asked).isGreaterThan(120);
    }

    /** A field that may not be missing is named when it is. */
    @Test
    void aMissingFieldIsNamed() throws IOException {
        for (Map.Entry<String, Made> kind : kinds.entrySet()) {
            for (RecordComponent field : kind.getValue().draft().getRecordComponents()) {
                if (isRequired(field)) {
                    ObjectNode body = kind.getValue().body().deepCopy();
                    body.remove(field.getName());
                    named(
                            kind.getKey() + " POST without " + field.getName(),
                            field.getName(),
                            post(kind.getKey(), body));
                    if (!kind.getValue().changes().isEmpty() && !field.getName().equals("password")) {
                        ObjectNode gone = JSON.createObjectNode().putNull(field.getName());
                        named(
                                kind.getKey() + " PATCH null " + field.getName(),
                                field.getName(),
                                change("PATCH", kind.getKey(), kind.getValue().id(), gone));
                    }
                }
            }
        }
        assertThat(wrong).as("answers that are no 400 with the field's name").isEmpty();
    }

    private static boolean isRequired(RecordComponent field) {
        return field.isAnnotationPresent(jakarta.validation.constraints.NotBlank.class)
                || field.isAnnotationPresent(jakarta.validation.constraints.NotNull.class)
                || java.util.Arrays.stream(field.getAccessor().getAnnotations())
                        .anyMatch(each -> each instanceof jakarta.validation.constraints.NotBlank
                                || each instanceof jakarta.validation.constraints.NotNull);
    }

    /** What the field may hold by its type; a text that is no member of an enum, no time, no id is wrong too. */
    private static boolean fits(RecordComponent field, String value) {
        Class<?> type = field.getType();
        if (type == String.class) {
            return value.equals("text");
        }
        if (type == Boolean.class) {
            return value.equals("truth");
        }
        if (Number.class.isAssignableFrom(type)) {
            return value.equals("number");
        }
        if (Map.class.isAssignableFrom(type) || type.isRecord()) {
            return value.equals("object");
        }
        return false; // lists are sent a number, enums and times a text that is none
    }

    private void refused(String collection, Made kind, String field, List<String> values) throws IOException {
        String value = values.getFirst();
        ObjectNode body = kind.body().deepCopy();
        if (body.has("name")) {
            body.put("name", "another name");
        }
        body.set(field, JSON.readTree(value));
        named(collection + " POST " + field + " " + value, field, post(collection, body));
        int turn = 1;
        for (String method : kind.changes()) {
            String other = values.get(turn++ % values.size());
            ObjectNode change = method.equals("PATCH")
                    ? JSON.createObjectNode()
                    : kind.body().deepCopy();
            change.set(field, JSON.readTree(other));
            named(
                    collection + " " + method + " " + field + " " + other,
                    field,
                    change(method, collection, kind.id(), change));
        }
    }

    private static Response post(String collection, ObjectNode body) {
        return Admin.sending(body.toString()).post(collection);
    }

    private static Response change(String method, String collection, String id, ObjectNode body) {
        return Admin.sending(body.toString()).request(method, collection + "/" + id);
    }

    private void named(String what, String field, Response answer) {
        asked++;
        String said = answer.statusCode() == 400 ? answer.path("error.cause.field") : null;
        if (said == null || !(said.equals(field) || said.startsWith(field + ".") || said.startsWith(field + "["))) {
            wrong.add(what + ": " + answer.statusCode() + " " + answer.asString());
        }
    }

    private static String state(String collection, String id) {
        Response list = Admin.admin().queryParam("limit", 1).get(collection);
        return list.path("meta.pagination.totalCount") + " "
                + Admin.admin().get(collection + "/" + id).asString().replaceAll("\"lastActivityAt\":\"[^\"]+\"", "");
    }
}
