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
        // in place: the text is long, and made into strings it would cost a start more than reading it
        for (int line = 0, end; line < smaps.length(); line = end + 1) {
            int next = smaps.indexOf('\n', line);
            end = next < 0 ? smaps.length() : next;
            if (!Character.isUpperCase(smaps.charAt(line))) {
                int permissions = smaps.indexOf(' ', line) + 1;
                int name = end - file.length();
                wanted = name > permissions
                        && smaps.charAt(name - 1) == ' '
                        && smaps.startsWith(file, name)
                        && (smaps.startsWith("r-xp", permissions) || smaps.startsWith("r--p", permissions));
                if (wanted) {
                    found.add(parse(smaps.substring(line, permissions - 1)));
                }
            } else if (wanted
                    && (smaps.startsWith("Anonymous:", line) || smaps.startsWith("Swap:", line))
                    && !smaps.startsWith(" 0 kB", end - 5)) {
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
