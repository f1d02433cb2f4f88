package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the controller knows of a recording, held against the proxy's file by a chain that is computed here. */
final class ConsoleRecordingCells {
    private static final String WORDS = "recor2ded";

    private final ConsoleNetwork console;
    private final Report report;

    ConsoleRecordingCells(ConsoleNetwork console, Report report) {
        this.console = console;
        this.report = report;
    }

    void run(String container) {
        report.cell("console/recording", () -> recording(container));
    }

    private String recording(String container) throws IOException, InterruptedException {
        String name = console.freshName("recorded");
        console.grantRecorded("@" + name, "exec,viewRecording");
        ConsoleUser user = console.userOfName(name);
        try (ConsoleSocket shell = user.shell(container)) {
            shell.exchange("echo recor$((1+1))ded\n", WORDS);
            shell.type("exit\n");
            shell.awaitClosed();
        }
        JsonNode sealed = sealed(user);
        String id = sealed.path("recording").asText();
        Path folder = console.recordings();
        Path file = folder.resolve(id + ".cast");
        byte[] bytes = Files.readAllBytes(file);
        KubernetesCells.contains("recording", WORDS, new String(bytes, StandardCharsets.UTF_8));
        KubernetesCells.same("sealed hash", lastOf(bytes), sealed.path("sha256").asText());
        KubernetesCells.same(
                "folder", "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        KubernetesCells.same("file", "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String served = user.text("/v1/recordings/" + id);
        KubernetesCells.same("served recording", new String(bytes, StandardCharsets.UTF_8), served);
        return bytes.length + " bytes, the controller has the hash of the last line";
    }

    /** The event's details, from the controller's database. */
    private JsonNode sealed(ConsoleUser user) throws InterruptedException {
        return Await.that("the event of a recording that is whole", Duration.ofSeconds(60))
                .until(() -> sealedEvents(user), found -> !found.isEmpty())
                .getFirst()
                .path("details");
    }

    private List<JsonNode> sealedEvents(ConsoleUser user) {
        List<JsonNode> found = new ArrayList<>();
        console.network()
                .admin()
                .get(Rest.MANAGEMENT + "/console-events?filter=type%3D%22recording.sealed%22&limit=500")
                .forEach(event -> {
                    if (event.path("details").path("who").asText().equals(user.name())
                            && event.path("host").asText().equals(ConsoleNetwork.HOST)) {
                        found.add(event);
                    }
                });
        return found;
    }

    /** Walks the whole chain: each hash covers the one before and all bytes since. @return the last */
    private static String lastOf(byte[] file) {
        byte[] before = new byte[32];
        MessageDigest digest = sha256();
        digest.update(before);
        @Nullable String last = null;
        int from = 0;
        for (int i = 0; i < file.length; i++) {
            if (file[i] != '\n') {
                continue;
            }
            String line = new String(file, from, i - from, StandardCharsets.UTF_8);
            if (last != null) {
                throw new Failed("something stands behind the end: " + line);
            }
            if (line.startsWith("# sha256 ") || line.startsWith("# end sha256 ")) {
                before = digest.digest();
                String hash = HexFormat.of().formatHex(before);
                KubernetesCells.same("link", hash, line.substring(line.lastIndexOf(' ') + 1));
                last = line.startsWith("# end") ? hash : null;
                digest.update(before);
            }
            digest.update(file, from, i + 1 - from);
            from = i + 1;
        }
        if (last == null) {
            throw new Failed("the recording has no end");
        }
        return last;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
