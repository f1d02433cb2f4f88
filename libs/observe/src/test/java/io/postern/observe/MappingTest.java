package io.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappingTest {
    private static final String PROGRAM = "/opt/postern/the controller";

    /** A mapping as the kernel prints it, less the fields that say nothing here. */
    private static String printed(String addresses, String permissions, String file, int anonymous, int swap) {
        return String.join(
                "\n",
                addresses + " " + permissions + " 00001000 fe:00 4711                        " + file,
                "Size:               1234 kB",
                "Rss:                 512 kB",
                "Private_Dirty:         0 kB",
                "Anonymous:       " + anonymous + " kB",
                "AnonHugePages:         8 kB",
                "Swap:            " + swap + " kB",
                "SwapPss:               8 kB",
                "VmFlags: rd mr mw me sd");
    }

    private static List<Mapping> untouched(String smaps) {
        return Mapping.untouched(smaps, PROGRAM);
    }

    @Test
    void codeAndConstantsOfTheProgramAreFound() {
        assertThat(untouched(printed("7f0000001000-7f0000003000", "r-xp", PROGRAM, 0, 0)))
                .containsExactly(new Mapping(0x7f0000001000L, 0x2000));
        assertThat(untouched(printed("400000-500000", "r--p", PROGRAM, 0, 0)))
                .containsExactly(new Mapping(0x400000, 0x100000));
    }

    @Test
    void whatTheProcessWroteIsLeft() {
        assertThat(untouched(printed("400000-500000", "r--p", PROGRAM, 4, 0))).isEmpty();
        assertThat(untouched(printed("400000-500000", "r--p", PROGRAM, 0, 4))).isEmpty();
    }

    @Test
    void whatMayBeWrittenOrIsSomebodyElsesIsLeft() {
        assertThat(untouched(printed("400000-500000", "rw-p", PROGRAM, 0, 0))).isEmpty();
        assertThat(untouched(printed("400000-500000", "r--s", PROGRAM, 0, 0))).isEmpty();
        assertThat(untouched(printed("400000-500000", "---p", PROGRAM, 0, 0))).isEmpty();
        assertThat(untouched(printed("400000-500000", "r-xp", "/lib/libc.so.6", 0, 0)))
                .isEmpty();
        assertThat(untouched(printed("400000-500000", "r--p", "", 0, 0))).isEmpty();
    }

    /** The JVM that runs this has mappings of its program, and pages that the linker wrote to among them. */
    @Test
    void thisMachinesKernelPrintsThemSo() throws IOException {
        String smaps = Files.readString(Path.of("/proc/self/smaps"));
        String program = Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
        long all = smaps.lines().filter(line -> line.endsWith(" " + program)).count();
        assertThat(Mapping.untouched(smaps, program)).isNotEmpty().hasSizeLessThan((int) all);
    }
}
