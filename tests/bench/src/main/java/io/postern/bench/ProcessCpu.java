package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** CPU and memory of other processes, from /proc. Linux only. */
final class ProcessCpu {
    /** Clock ticks a second as the kernel reports them to user space; 100 on every Linux of today. */
    private static final double TICKS = 100;

    private ProcessCpu() {}

    /** User and system CPU of the processes together, in seconds. */
    static double seconds(Collection<Long> pids) {
        return pids.stream().mapToDouble(ProcessCpu::seconds).sum();
    }

    private static double seconds(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        // The command's name, in brackets, may hold anything: fields are counted behind it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** Resident memory of the processes together, in KiB. */
    static long residentKib(Collection<Long> pids) {
        return pids.stream()
                .mapToLong(pid -> read(Path.of("/proc/" + pid + "/status"))
                        .lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum())
                .sum();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException("process has ended: " + path, e);
        }
    }
}
