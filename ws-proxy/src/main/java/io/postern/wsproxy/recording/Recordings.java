package io.postern.wsproxy.recording;

import io.postern.wsproxy.engine.ContainerFacts;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The recordings of this process, a file each, readable by its user only. Any thread; what reads files blocks. */
public final class Recordings implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Recordings.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CLEAR = ".cast";
    private static final String SEALED = ".cast.sealed";
    private static final int LONGEST_LIST = 1_000;

    /** What a recording shows. @param command of an exec, empty for an attach @param columns at its begin */
    public record Title(ContainerFacts container, String who, List<String> command, int columns, int rows) {
        public Title {
            command = List.copyOf(command);
        }
    }

    /** A recording in a list. @param running is it still being made? */
    public record Entry(RecordingId id, Instant began, Title title, long bytes, boolean running) {}

    /** What a look at a recording's hashes found. @param whole did it end as it should? @param last hash of the chain */
    public record Verdict(boolean intact, boolean whole, String last) {}

    private record Known(Instant began, Title title) {}

    private final RecordingOptions options;
    private final Seals seals;
    private final RecordingWriter writer = new RecordingWriter();
    private final AtomicLong used = new AtomicLong();
    private final Map<RecordingId, Known> known = new ConcurrentHashMap<>();
    private final Thread sweeper;

    /** Seals go to the log only. */
    public Recordings(RecordingOptions options) {
        this(options, (id, title, sha256) -> LOG.infof("recording.sealed recording=%s sha256=%s", id, sha256));
    }

    /** @throws UncheckedIOException when the folder cannot be made or read */
    public Recordings(RecordingOptions options, Seals seals) {
        this.options = options;
        this.seals = seals;
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(options.folder(), owner);
            used.set(files().mapToLong(Recordings::size).sum());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer.start();
        sweeper = Thread.ofVirtual().name("recordings-sweep").start(this::keepSweeping);
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(options.folder())) {
            return all
                    .filter(file -> file.getFileName().toString().matches("[0-9a-f]{32}\\.cast(\\.sealed)?"))
                    .toList()
                    .stream();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private Path file(RecordingId id, String ending) {
        return options.folder().resolve(id + ending);
    }

    /** Its bytes, opened where they are sealed. The caller closes it. */
    private InputStream read(RecordingId id) throws IOException {
        Path sealed = file(id, SEALED);
        if (!Files.exists(sealed)) {
            return Files.newInputStream(file(id, CLEAR));
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(sealed), SealedFormat.CHUNK);
        try {
            return SealedFormat.open(in, options.keys(), id);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private BufferedReader lines(RecordingId id) throws IOException {
        return new BufferedReader(new InputStreamReader(read(id), StandardCharsets.UTF_8));
    }

    /** Begins one; its header is on the disk when this completes. Fails with {@link UncheckedIOException}. */
    public CompletionStage<Recording> begin(Title title) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return open(title);
                    } catch (IOException e) {
                        LOG.errorf("recording.unbegun cause=%s", e.getMessage());
                        throw new UncheckedIOException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private Recording open(Title title) throws IOException {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        RecordingId id = new RecordingId(HexFormat.of().formatHex(bits));
        Instant began = Instant.now();
        SealedFormat.Sealer sealer = options.keys()
                .sealing()
                .map(key -> new SealedFormat.Sealer(key, id))
                .orElse(null);
        Path path = file(id, sealer == null ? CLEAR : SEALED);
        RecordingFile file = RecordingFile.create(path, this::takes, sealer);
        Recording recording = new Recording(
                id, file, options.room(), writer, began.toEpochMilli(), sha256 -> seals.sealed(id, title, sha256));
        try {
            recording.header(Asciicast.header(title, began));
        } catch (IOException e) {
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
        known.put(id, new Known(began, title));
        writer.began(recording);
        return recording;
    }

    private boolean takes(long bytes) {
        if (used.addAndGet(bytes) <= options.quota()) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** The newest first, at most a thousand. */
    public List<Entry> list() {
        try {
            return files().map(file ->
                            new RecordingId(file.getFileName().toString().substring(0, 32)))
                    .flatMap(id -> entry(id).stream())
                    .sorted(Comparator.comparing(Entry::began).reversed())
                    .limit(LONGEST_LIST)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Entry> entry(RecordingId id) {
        try {
            Known facts = known.get(id);
            if (facts == null) {
                try (BufferedReader reader = lines(id)) {
                    String header = reader.readLine();
                    facts = new Known(Asciicast.began(header), Asciicast.title(header));
                    known.put(id, facts);
                }
            }
            Path sealed = file(id, SEALED);
            long bytes = Files.size(Files.exists(sealed) ? sealed : file(id, CLEAR));
            return Optional.of(new Entry(id, facts.began(), facts.title(), bytes, writer.isRunning(id)));
        } catch (IOException | RuntimeException e) {
            LOG.debugf("recording.unreadable recording=%s cause=%s", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** The file, an asciicast of version 3, to be sent as it is; empty when there is none, or it is sealed. */
    public Optional<Path> path(RecordingId id) {
        return Optional.of(file(id, CLEAR)).filter(Files::isReadable);
    }

    /** Writes it as it was made, version 3. @throws IOException also when there is none, or no key opens it, or it was changed */
    public void version3(RecordingId id, OutputStream out) throws IOException {
        try (InputStream in = read(id)) {
            in.transferTo(out);
        }
    }

    /** Writes it as version 2. @throws IOException also when there is none */
    public void version2(RecordingId id, Writer out) throws IOException {
        try (BufferedReader in = lines(id)) {
            Asciicast.toVersion2(in, out);
        }
    }

    /** Was it changed since it was written, and is it whole? One that is still made is not. */
    public Verdict verify(RecordingId id) throws IOException {
        try (InputStream in = read(id)) {
            HashChain.Verdict verdict = HashChain.check(in);
            return new Verdict(verdict.intact(), verdict.whole(), verdict.last());
        }
    }

    private void keepSweeping() {
        try {
            while (true) {
                sweep(Instant.now());
                Thread.sleep(java.time.Duration.ofHours(1));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Deletes what is old. */
    void sweep(Instant now) {
        try {
            for (Path file : files().toList()) {
                RecordingId id = new RecordingId(file.getFileName().toString().substring(0, 32));
                Instant ended = Files.getLastModifiedTime(file).toInstant();
                if (!writer.isRunning(id) && ended.plus(options.retention()).isBefore(now)) {
                    long bytes = Files.size(file);
                    Files.delete(file);
                    used.addAndGet(-bytes);
                    known.remove(id);
                    LOG.infof("recording.deleted recording=%s", id);
                }
            }
        } catch (IOException e) {
            LOG.warnf("recording.unswept cause=%s", e.getMessage());
        }
    }

    /** Ends the recordings that are being made, and writes them. */
    @Override
    public void close() {
        sweeper.interrupt();
        writer.close();
    }
}
