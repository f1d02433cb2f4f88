package io.postern.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.postern.cli.Failure;
import io.postern.cli.Json;
import io.postern.cli.Printing;
import io.postern.cli.Rendering;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern recordings}. */
@Command(
        name = "recordings",
        mixinStandardHelpOptions = true,
        description = "List recordings of consoles, play one, or save it.")
public final class RecordingsCommand implements Callable<Integer> {
    /** No colours, a cursor, no mouse, plain pastes, a line of its own: whatever a recording that was cut left behind. */
    private static final String USABLE = "\033[0m\033[?25h\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\r\n";
    /** Within which a terminal has answered what it was asked last. */
    private static final Duration ANSWERS = Duration.ofMillis(200);

    @Mixin
    Printing printing;

    @Override
    public Integer call() throws IOException {
        return Listing.RECORDINGS.print(printing);
    }

    /** {@code postern recordings show}. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show what is known of a recording.")
    Integer show(@Parameters(paramLabel = "ID", description = "Its id.") String id) throws IOException {
        ArrayNode found = Json.MAPPER.createArrayNode();
        for (JsonNode entry : ProxyClient.using(Listing.RECORDINGS::entries)) {
            if (entry.path("id").asText().equals(id)) {
                found.add(entry);
            }
        }
        if (found.isEmpty()) {
            throw new Failure(Failure.REFUSED, "There is no recording " + id + " that you may see.");
        }
        Rendering.YAML.rows(printing.out(), List.of(), found);
        return 0;
    }

    /** {@code postern recordings play}. */
    @Command(name = "play", mixinStandardHelpOptions = true, description = "Play a recording in this terminal.")
    Integer play(
            @Parameters(paramLabel = "ID", description = "Its id, or an asciicast file.") String id,
            @Option(names = "--speed", defaultValue = "1", description = "So many times as fast.") double speed,
            @Option(
                            names = "--idle-limit",
                            paramLabel = "SECONDS",
                            defaultValue = "2",
                            description = "Longest pause (default: ${DEFAULT-VALUE}).")
                    double limit)
            throws IOException, InterruptedException {
        if (!(speed > 0) || !(limit >= 0)) {
            throw new Failure(Failure.USAGE, "--speed is above 0, --idle-limit not below.");
        }
        try (ProxyClient proxy = Files.isRegularFile(Path.of(id)) ? null : ProxyClient.open();
                InputStream in = proxy == null ? Files.newInputStream(Path.of(id)) : proxy.download(path(id));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            show(Cast.of(lines), speed, limit);
        } catch (ProxyClient.Refused e) {
            throw e.failure();
        }
        return 0;
    }

    private static void show(Cast cast, double speed, double limit) throws IOException, InterruptedException {
        Terminal.Ends ends = Terminal.Ends.now();
        boolean terminal = ends.input() && ends.output();
        try (Terminal deaf = terminal ? Terminal.deaf() : null) {
            for (Cast.Event event = cast.next(); event != null; event = cast.next()) {
                double wait = Math.min(limit, event.interval()) / speed;
                Thread.sleep(Duration.ofNanos((long) (wait * 1e9)));
                if (event.code() == 'o') {
                    System.out.write(event.data().getBytes(StandardCharsets.UTF_8));
                    System.out.flush();
                }
            }
            if (terminal) {
                System.out.print(USABLE);
                System.out.flush();
                Thread.sleep(ANSWERS);
            }
        }
    }

    /** {@code postern recordings save}. */
    @Command(
            name = "save",
            mixinStandardHelpOptions = true,
            description = "Save a recording as an asciicast, which players of asciinema read.")
    Integer save(
            @Parameters(index = "0", paramLabel = "ID", description = "Its id.") String id,
            @Parameters(index = "1", paramLabel = "FILE", description = "Where to; - is standard output.") String file,
            @Option(
                            names = "--format",
                            paramLabel = "2|3",
                            defaultValue = "3",
                            description = "3, or 2 for older players.")
                    int version)
            throws IOException {
        String path = path(id) + (version == 2 ? "?version=2" : "");
        try (ProxyClient proxy = ProxyClient.open();
                InputStream in = proxy.download(path)) {
            if (file.equals("-")) {
                in.transferTo(System.out);
                System.out.flush();
                return 0;
            }
            Path target = Path.of(file).toAbsolutePath();
            Path fresh = Files.createTempFile(target.getParent(), ".", ".cast"); // readable by its owner only
            try {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (ProxyClient.Refused e) {
            throw e.failure();
        }
        return 0;
    }

    private static String path(String id) {
        return "/v1/recordings/" + Target.encoded(id);
    }
}
