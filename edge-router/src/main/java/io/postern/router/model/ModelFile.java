package io.postern.router.model;

import io.postern.wire.edgectrl.pb.DataState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jboss.logging.Logger;

/** The model on disk, as stock routers keep it: a gzipped protobuf. Blocks. */
final class ModelFile {
    private static final Logger LOG = Logger.getLogger(ModelFile.class);
    private static final long MOST_BYTES = 1L << 30;

    private final Path file;

    ModelFile(Path file) {
        this.file = file;
    }

    /** Empty when there is none, or none that can be read: the model then comes from a controller. */
    Optional<DataState> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            byte[] all = in.readNBytes((int) MOST_BYTES);
            return Optional.of(DataState.parseFrom(all));
        } catch (IOException e) {
            LOG.warnf("model.file.unreadable file=%s cause=%s", file, e.getMessage());
            return Optional.empty();
        }
    }

    void write(DataState state) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(draft))) {
                state.writeTo(out);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warnf("model.file.unwritten file=%s cause=%s", file, e.getMessage());
        }
    }
}
