package io.postern.observe;

import java.util.ArrayList;
import java.util.List;

/** A range of a process's addresses, in bytes. Immutable. */
record Mapping(long start, long length) {
    /**
     * What is mapped of a file, can not be written, and never was: the same as in the file. A part to which the linker wrote
     * its relocations is left out, as it would come back without them.
     *
     * <p>Of {@code /proc/self/smaps} (proc_pid_smaps(5)): a mapping's first line is {@code start-end permissions offset device
     * inode file}, and its fields follow, whose names begin with a capital letter. {@code Anonymous} and {@code Swap} are pages
     * that the process wrote, in memory and swapped out.
     *
     * @param smaps the whole text
     */
    static List<Mapping> untouched(String smaps, String file) {
        List<Mapping> found = new ArrayList<>();
        boolean wanted = false;
        for (String line : smaps.split("\n")) { // no pattern, as a start waits for this
            if (!Character.isUpperCase(line.charAt(0))) {
                int permissions = line.indexOf(' ') + 1;
                wanted = line.endsWith(" " + file)
                        && (line.startsWith("r-xp", permissions) || line.startsWith("r--p", permissions));
                if (wanted) {
                    found.add(parse(line.substring(0, line.indexOf(' '))));
                }
            } else if (wanted
                    && (line.startsWith("Anonymous:") || line.startsWith("Swap:"))
                    && !line.endsWith(" 0 kB")) {
                found.removeLast();
                wanted = false;
            }
        }
        return found;
    }

    private static Mapping parse(String addresses) {
        int dash = addresses.indexOf('-');
        long start = Long.parseUnsignedLong(addresses, 0, dash, 16);
        return new Mapping(start, Long.parseUnsignedLong(addresses, dash + 1, addresses.length(), 16) - start);
    }
}
