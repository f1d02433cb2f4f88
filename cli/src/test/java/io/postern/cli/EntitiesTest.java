package io.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cli.FakeApi.Ran;
import io.postern.cli.FakeApi.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create service q | --admin | only for identities",
                "create service q | --username x | identities, enrollments, authenticators",
                "create service q | --tunneler | only for edge-routers",
                "create identity i | --password-file /no/such | only for authenticators",
                "create identity i | --password-stdin | only for authenticators",
                "create identity i | --no-encryption | only for services",
                "create identity i | --semantic anyof | service-policies",
                "create service q | --jwt-out /no/such/x | identities, edge-routers, enrollments",
                "create edge-router-policy p | --service-roles #a | service-policies, service-edge-router-policies",
                "create config c | --config x | only for services",
                "create terminator | --role a | identities, edge-routers, services",
                "update service q | --enable | only for identities",
                "update edge-router r | --data {} | only for configs",
                "create terminator t | --set a=b | A name is not for terminators",
                "update terminator t | --name x | A name is not for terminators",
            })
    void aFlagOfAnotherKindIsRefused(String command, String flags, String words) {
        Ran ran = api.run((command + " " + flags).split(" "));
        assertThat(ran.code()).as(ran.err()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains(words);
        assertThat(api.calls).isEmpty();
    }

    @Test
    void everyFlagOfTheTableIsAFlagOfCreateOrUpdate() {
        CommandLine line = CommandLines.prepared(new Postern());
        for (String flag : FlagsOfKinds.names()) {
            assertThat(Stream.of("create", "update")
                            .map(verb -> line.getSubcommands()
                                    .get(verb)
                                    .getCommandSpec()
                                    .findOption(flag)))
                    .as(flag)
                    .anyMatch(each -> each != null && each.longestName().equals(flag));
        }
    }

    @Test
    void anAuthenticatorHasANameAndAPassword() throws IOException {
        api.with("/identities", "{\"id\":\"i1\",\"name\":\"laptop\"}");
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        Ran ran = api.run(
                "create",
                "authenticator",
                "--identity",
                "laptop",
                "--username",
                "u",
                "--password-file",
                password.toString());
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(api.sent("POST").getFirst().toString())
                .isEqualTo("{\"identityId\":\"i1\",\"password\":\"secret\",\"username\":\"u\",\"method\":\"updb\"}");
    }

    @Test
    void aPersonIsEnrolledByName() {
        assertThat(api.run("create", "identity", "ann", "--username", "a").code())
                .isZero();
        assertThat(api.sent("POST").getFirst().path("enrollment").toString()).isEqualTo("{\"updb\":\"a\"}");
    }

    @Test
    void rolesMayBeGivenWithCommas() {
        assertThat(api.run("create", "identity", "i", "--role", "a,b", "-r", "c")
                        .code())
                .isZero();
        assertThat(api.sent("POST").getFirst().path("roleAttributes").toString())
                .isEqualTo("[\"a\",\"b\",\"c\"]");
    }

    @Test
    void nothingIsMadeWhenItsTokenCouldNotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        for (Path out : new Path[] {folder, file.resolve("x.jwt")}) {
            Ran ran = api.run("create", "identity", "i", "--jwt-out", out.toString());
            assertThat(ran.code()).isEqualTo(Failure.FILE);
            assertThat(ran.err()).contains(out.toString());
        }
        assertThat(api.calls).isEmpty();
    }

    @Test
    void anIdentityWhoseTokenWasNotWrittenIsNamed() throws IOException {
        Path out = folder.resolve("gone/x.jwt");
        api.on("POST /identities", call -> {
            try { // meanwhile
                Files.delete(out.getParent());
                Files.writeString(out.getParent(), "in the way");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Reply.data("{\"id\":\"i7\"}");
        });
        api.with("/identities", "{\"id\":\"i7\",\"enrollment\":{\"ott\":{\"jwt\":\"a.b.c\"}}}");
        Ran ran = api.run("create", "identity", "i", "--jwt-out", out.toString());
        assertThat(ran.code()).isEqualTo(Failure.FILE);
        assertThat(ran.out()).isEqualTo("i7\n");
        assertThat(ran.err()).contains("was made, its id is i7", "'postern show identity i7 --jwt'");
    }

    @Test
    void aTokenIsWrittenForItsOwnerOnly() throws IOException {
        api.with("/identities", "{\"id\":\"made\",\"enrollment\":{\"ott\":{\"jwt\":\"a.b.c\"}}}");
        Path out = folder.resolve("new/x.jwt");
        assertThat(api.run("create", "identity", "i", "--jwt-out", out.toString())
                        .code())
                .isZero();
        assertThat(out).hasContent("a.b.c");
        assertThat(out.getParent()).isDirectoryContaining(file -> file.equals(out));
    }

    @Test
    void anIdentityIsEnabledByAVerb() throws IOException {
        api.with("/identities", "{\"id\":\"i1\",\"name\":\"laptop\"}");
        assertThat(api.run("update", "identity", "laptop", "--enable").code()).isZero();
        assertThat(api.run("update", "identity", "laptop", "--disable", "--admin")
                        .code())
                .isZero();
        assertThat(api.calls.stream().filter(call -> !call.method().equals("GET")))
                .extracting(call -> call.method() + " " + call.path())
                .containsExactly("POST /identities/i1/enable", "PATCH /identities/i1", "POST /identities/i1/disable");
        assertThat(api.run("update", "identity", "laptop", "--disable", "--enable")
                        .code())
                .isEqualTo(Failure.USAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "12 monkeys | `\"12 monkeys\"`",
                "`{\"note\":\"x\"} trailing` | `\"{\\\"note\\\":\\\"x\\\"} trailing\"`",
                "12 | 12",
                "true false | `\"true false\"`",
                "`{\"a\":1}` | `{\"a\":1}`",
            })
    void aValueIsJsonFromBeginningToEnd(String value, String sent) {
        assertThat(api.run("create", "identity", "i", "--set", "externalId=" + value)
                        .code())
                .isZero();
        assertThat(api.sent("POST").getFirst().path("externalId").toString()).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "{\"a\":1} x", "1", "text", ""})
    void dataIsOneObject(String data) {
        Ran ran = api.run("create", "config", "c", "--data", data);
        assertThat(ran.code()).isEqualTo(Failure.USAGE);
        assertThat(ran.err()).contains("--data takes one JSON object");
        assertThat(api.sent("POST")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: a\n---\nname: b\n",
                "{\"name\":\"a\"}\n{\"name\":\"b\"}\n",
                "{\"name\":\"a\"} {\"name\":\"b\"}"
            })
    void aDocumentIsOne(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("entities"), text);
        Ran ran = api.run("create", "service", "-f", file.toString());
        assertThat(ran.code()).isEqualTo(Failure.FILE);
        assertThat(ran.err()).contains(file + " holds more than one document");
        assertThat(api.sent("POST")).isEmpty();
    }

    @Test
    void aDocumentIsText() throws IOException {
        Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
        for (String[] command : new String[][] {{"create", "service", "-f"}, {"enroll"}}) {
            String[] all = Stream.concat(Stream.of(command), Stream.of(file.toString()))
                    .toArray(String[]::new);
            Ran ran = api.run(all);
            assertThat(ran.code()).isEqualTo(Failure.FILE);
            assertThat(ran.err()).contains(file + " is no text");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show terminator |",
                "show terminator .",
                "show terminator ..",
                "delete terminator |",
                "delete service |",
                "update service | --encryption",
                "create config c --type |",
                "list services --limit -1",
                "list services --limit 0",
                "list terminators web",
                "list services web --filter false)|or|(true",
                "doctor -o name",
                "policy advice a b -o name"
            })
    void whatWouldMeanSomethingElseIsRefused(String command) {
        api.on("GET /services/", call -> Reply.data("[]"));
        String[] words = Stream.of(command.split(" "))
                .map(word -> word.replace('|', ' ').strip())
                .toArray(String[]::new);
        Ran ran = api.run(words);
        assertThat(ran.code()).as(ran.err()).isEqualTo(Failure.USAGE);
        assertThat(ran.out()).isEmpty();
        assertThat(api.calls).noneMatch(call -> call.method().equals("DELETE"));
    }

    @Test
    void anEntityThatIsNamedTwiceIsDeletedOnce() throws IOException {
        api.with("/identities", "{\"id\":\"i1\",\"name\":\"laptop\"}");
        assertThat(api.run("delete", "identity", "laptop", "i1", "laptop").code())
                .isZero();
        assertThat(api.calls.stream().filter(call -> call.method().equals("DELETE")))
                .hasSize(1);
    }

    @Test
    void aTextNarrowsAFilterAndKeepsItsTail() {
        assertThat(api.run("list", "services", "web", "--filter", "a = 1 or b = 2 sort by name limit 3")
                        .code())
                .isZero();
        assertThat(api.calls.getFirst().query())
                .contains("filter=(name contains \"web\") and (a = 1 or b = 2) sort by name limit 3");
    }

    @Test
    void aControllersAddressMayEndWithASlash() {
        Ran ran = api.run("enroll", "/no/such.jwt", "--controller", "https://localhost:1/");
        assertThat(ran.code()).isEqualTo(Failure.FILE);
        assertThat(ran.err()).contains("/no/such.jwt");
    }
}
