package io.postern.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that people name: read as text, and looked at before something is made that would be lost without them. */
public final class TextFile {
    private TextFile() {}

    /** Its text. @throws Failure when it is no text */
    public static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new Failure(Failure.FILE, file + " is no text (of UTF-8).");
        }
    }

    /** Makes its folder. @throws Failure when it could not be written there */
    static void checkWritable(Path file) {
        if (Files.isDirectory(file)) {
            throw new Failure(Failure.FILE, file + " is a folder, not a file to write.");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".postern", ".try"));
        } catch (AccessDeniedException e) {
            throw new Failure(Failure.FILE, file + " cannot be written: permission denied.");
        } catch (IOException e) {
            throw new Failure(Failure.FILE, file + " cannot be written: its folder takes no files.");
        }
    }
}
