package io.postern.wsproxy.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.postern.testkit.engine.TestEngine;
import io.postern.wsproxy.RealEngine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ground that other tests stand on: an engine runs containers, and goes with all that it started. */
@ExtendWith(RealEngine.class)
class TestEngineTest {
    @Test
    void anEngineRunsRestartsAndLeavesNothing() {
        TestEngine engine = TestEngine.start();
        try {
            String id = engine.container(List.of("--name", "one"), "sleep", "1000");
            assertEquals("uid=1000", engine.docker("exec", "-u", "app", "one", "sh", "-c", "echo uid=$(id -u)"));
            engine.kill();
            engine.up();
            assertEquals(id, engine.docker("ps", "-aq", "--no-trunc"));
            engine.docker("start", "one");
            assertEquals("hi", engine.docker("exec", "one", "echo", "hi"));
            engine.down();
            engine.up();
        } finally {
            engine.close();
        }
        String folder = engine.socket().getParent() + "/";
        assertFalse(ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").contains(folder)));
        assertFalse(engine.socket().getParent().toFile().exists());
    }
}
