package io.postern.wsproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wsproxy.engine.EngineRefusal.Code;
import org.junit.jupiter.api.Test;

/** Whose fault a refused archive is, by what engines really say. */
class ArchivesTest {
    private static Code code(int status, String words) {
        return Archives.refusal(new HostName("dock"), status, words).code();
    }

    @Test
    void aPathThatIsNoFolderIsTheCallersFault() {
        assertThat(code(500, "extraction point is not a directory")).isEqualTo(Code.BAD_REQUEST);
        assertThat(code(500, "\"/x\" exists but is not a directory")).isEqualTo(Code.BAD_REQUEST);
        assertThat(code(404, "Could not find the file /x in container y")).isEqualTo(Code.BAD_REQUEST);
    }

    @Test
    void theRestIsTheEnginesOrTheContainers() {
        assertThat(code(500, "Error processing tar file(exit status 1): unexpected EOF"))
                .isEqualTo(Code.ENGINE_FAILED);
        assertThat(code(404, "No such container: y")).isEqualTo(Code.CONTAINER_UNKNOWN);
    }
}
