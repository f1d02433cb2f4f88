package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** CPU and memory of other processes, from /proc. Linux only. */
final class ProcessCpu {
    /** Clock ticks a second as the kernel reports them to user space; 100 on every Linux of today. */
    private static final double TICKS = 100;

    /** A space of a heap as jcmd tells it: from where, up to where it is in use, and up to where it may grow. */
    private static final Pattern SPACE = Pattern.compile("\\[0x([0-9a-f]+), 0x[0-9a-f]+, 0x([0-9a-f]+)\\)");

    private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-[0-9a-f]+ (\\S+) ");

    private ProcessCpu() {}

    /** User and system CPU of the processes together, in seconds. */
    static double seconds(Collection<Long> pids) {
        return pids.stream().mapToDouble(ProcessCpu::seconds).sum();
    }

    /** Of that, what the threads of the JVM's two compilers took. A compiler thread that ends takes its share with it. */
    static double compilerSeconds(Collection<Long> pids) {
        return pids.stream().mapToDouble(ProcessCpu::compilerSeconds).sum();
    }

    private static double compilerSeconds(long pid) {
        double sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                try {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (stat.contains("(C1 Compiler") || stat.contains("(C2 Compiler")) {
                        sum += seconds(stat);
                    }
                } catch (IOException e) {
                    // the thread has ended since it was listed
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("process has ended: " + pid, e);
        }
        return sum;
    }

    private static double seconds(long pid) {
        return seconds(read(Path.of("/proc/" + pid + "/stat")));
    }

    private static double seconds(String stat) {
        // The command's name, in brackets, may hold anything: fields are counted behind it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** CPU that all of the machine has taken since it was started, in seconds: user, nice, system, interrupts, stolen. */
    static double machineSeconds() {
        String[] fields =
                read(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split(" +");
        return IntStream.of(1, 2, 3, 6, 7, 8)
                        .mapToLong(field -> Long.parseLong(fields[field]))
                        .sum()
                / TICKS;
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

    /** Heap of Java processes that is in use right after a full collection, which this causes, in KiB. */
    static long liveHeapKib(Collection<Long> pids) throws IOException {
        long bytes = 0;
        for (long pid : pids) {
            bytes += jcmd(pid, "GC.class_histogram")
                    .lines()
                    .filter(line -> line.startsWith("Total"))
                    .mapToLong(line -> Long.parseLong(line.trim().split(" +")[2]))
                    .findFirst()
                    .orElseThrow(() -> new IOException("jcmd says nothing of the heap of process " + pid));
        }
        return bytes / 1024;
    }

    /**
     * Resident memory of a Java process beside its heap and its compiled code, in KiB. How much of a heap is resident is the
     * collector's affair: it takes pages for what is garbage already, and gives some back after a collection.
     */
    static long besideHeapAndCodeKib(long pid) throws IOException {
        jcmd(pid, "System.trim_native_heap"); // what compilers gave back to the allocator
        Matcher heap = SPACE.matcher(jcmd(pid, "GC.heap_info"));
        long start = Long.MAX_VALUE;
        long end = 0;
        while (heap.find()) {
            start = Math.min(start, Long.parseUnsignedLong(heap.group(1), 16));
            end = Math.max(end, Long.parseUnsignedLong(heap.group(2), 16));
        }
        if (end == 0) {
            throw new IOException("jcmd says nothing of the heap of process " + pid);
        }
        long sum = 0;
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.find()) {
                long at = Long.parseUnsignedLong(mapping.group(1), 16);
                inside = at >= start && at < end || mapping.group(2).startsWith("rwx");
            } else if (!inside && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }

    private static String jcmd(long pid, String command) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        try (var lines = process.inputReader()) {
            return lines.lines().collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException("process has ended: " + path, e);
        }
    }
}
