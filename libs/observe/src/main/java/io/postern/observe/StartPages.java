package io.postern.observe;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pages of an executable's file that only its start needed: most of its code, and of what was made while it was built. They
 * count as resident for as long as they are mapped, and the kernel keeps what is mapped longer than what is not. Those that
 * are needed again come back from the page cache, sixteen at a time.
 */
@Singleton
final class StartPages {
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Path PROGRAM = Path.of("/proc/self/exe");
    private static final int LAST = Integer.MAX_VALUE;

    /**
     * Gives them back, where this process is an executable on Linux; on a JVM nothing happens. Takes some milliseconds, for which
     * the start does not wait.
     */
    void started(@Observes @Priority(LAST) StartupEvent event) {
        if ("runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"))) {
            Thread.ofPlatform().daemon().name("start-pages").start(StartPages::giveBack);
        }
    }

    private static void giveBack() {
        try {
            String smaps = Files.readString(MAPPINGS);
            String program = Files.readSymbolicLink(PROGRAM).toString();
            Mapping.untouched(smaps, program).forEach(CLibrary::giveBack);
        } catch (IOException e) {
            // a machine that does not tell of itself: they stay
        }
    }
}
