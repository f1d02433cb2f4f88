package io.postern.cli.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.cli.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {
    private static final URI HOME = URI.create("https://home:1280");
    private static final URI WORK = URI.create("https://work.example:443");

    @TempDir
    Path folder;

    private static Profile login(URI controller, String token) {
        return new Profile(controller, "", "admin", token, null, null, null, null);
    }

    private Profiles profiles() {
        return Profiles.of(null, null, folder);
    }

    @Test
    void theFirstLoginIsTheDefault() throws IOException {
        assertThat(profiles().look()).isEmpty();
        assertThat(profiles().store(login(HOME, "t"))).isEqualTo("default");
        assertThat(profiles().get().controller()).isEqualTo(HOME);
    }

    @Test
    void aLoginToAnotherNetworkKeepsTheOldOne() throws IOException {
        profiles().store(login(HOME, "t1"));
        assertThat(profiles().store(login(WORK, "t2"))).isEqualTo("work.example-443");
        assertThat(profiles().get().controller()).isEqualTo(WORK);
        assertThat(profiles().names()).containsExactly("default", "work.example-443");
        profiles().use("default");
        assertThat(profiles().get().token()).isEqualTo("t1");
    }

    @Test
    void aLoginToAKnownNetworkRenewsItsProfile() throws IOException {
        profiles().store(login(HOME, "t1"));
        profiles().store(login(WORK, "t2"));
        assertThat(profiles().store(login(HOME, "t3"))).isEqualTo("default");
        assertThat(profiles().get().token()).isEqualTo("t3");
        assertThat(profiles().names()).hasSize(2);
    }

    @Test
    void anOptionWinsOverTheEnvironmentAndThatOverWhatIsInUse() throws IOException {
        profiles().store(login(HOME, "t1"));
        Profiles.of(null, "work", folder).store(login(WORK, "t2"));
        assertThat(profiles().get().token()).isEqualTo("t1"); // the environment chose for one shell only
        assertThat(Profiles.of(null, "work", folder).get().token()).isEqualTo("t2");
        assertThat(Profiles.of("default", "work", folder).get().token()).isEqualTo("t1");
    }

    @Test
    void aPathInTheEnvironmentIsTheOnlyProfile() throws IOException {
        Path file = folder.resolve("alone.json");
        Profiles single = Profiles.of(null, file.toString(), folder);
        assertThat(single.look()).isEmpty();
        single.store(login(HOME, "t"));
        assertThat(single.get().token()).isEqualTo("t");
        assertThat(profiles().names()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void filesAreTheirOwnersOnly() throws IOException {
        profiles().store(login(HOME, "t"));
        for (String name : new String[] {"profiles/default.json", "profile"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whatIsRemovedIsGoneAndNoLongerInUse() throws IOException {
        profiles().store(login(HOME, "t"));
        Profiles.of("work", null, folder).store(login(WORK, "t2"));
        profiles().use("work");
        profiles().remove("work");
        assertThat(profiles().get().token()).isEqualTo("t");
        assertThatThrownBy(() -> profiles().remove("work")).hasMessageContaining("there are: default");
        assertThatThrownBy(() -> Profiles.of("work", null, folder).get())
                .hasMessageContaining("postern login URL --profile work");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\": secret",
                "",
                "[]",
                "{\"token\":\"secret\"}",
                "{\"controller\":\"a secret\"}",
                "\"secret\""
            })
    void aDamagedProfileIsNamedAndNotQuoted(String text) throws IOException {
        Files.createDirectories(folder.resolve("profiles"));
        Files.writeString(folder.resolve("profiles/default.json"), text);
        assertThatThrownBy(() -> profiles().get())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("default.json")
                .hasMessageNotContaining("secret");
        assertThat(profiles().known()).isEmpty();
        assertThat(profiles().store(login(HOME, "t"))).isEqualTo("default"); // a login mends it
        assertThat(profiles().get().token()).isEqualTo("t");
    }

    @Test
    void aFreshTokenTakesNoOtherLoginsPlace() throws IOException {
        Profile before = login(HOME, "t1");
        profiles().store(before);
        profiles().replace(before, login(HOME, "t2"));
        assertThat(profiles().get().token()).isEqualTo("t2");
        profiles().store(login(WORK, "w")); // is in use from now on
        profiles().replace(before, login(HOME, "t3"));
        assertThat(profiles().get().token()).isEqualTo("w");
    }
}
