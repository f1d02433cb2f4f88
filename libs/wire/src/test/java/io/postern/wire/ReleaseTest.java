package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReleaseTest {
    @Test
    void isWhatTheBuildSays() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(pom).contains("<version>" + Release.NUMBER + "</version>");
        assertThat(Release.DATE).matches("\\d{4}-\\d\\d-\\d\\d");
    }

    @Test
    void isReadFromARevision() {
        assertThat(Release.of(Release.revision())).contains(Release.NUMBER);
        assertThat(Release.of("86d7b0d7b2a4")).isEmpty();
        assertThat(Release.of("")).isEmpty();
    }

    @Test
    void goesIntoAHelloBesideWhatItSpeaks() {
        Version hello = Version.parse(Release.speaking("v2.1.0").text()).orElseThrow();
        assertThat(hello.version()).isEqualTo("v2.1.0");
        assertThat(Release.of(hello.revision())).contains(Release.NUMBER);
    }
}
