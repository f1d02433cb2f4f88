package io.postern.wsproxy.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A recording's file while it is made, clear or sealed, readable by its user only. One thread at a time. */
final class RecordingFile implements Closeable {
    private final FileChannel channel;
    private final LongPredicate quota;
    private final SealedFormat.@Nullable Sealer sealer;

    /** @param quota asked for bytes before they are written; false when there is no space for them */
    private RecordingFile(FileChannel channel, LongPredicate quota, SealedFormat.@Nullable Sealer sealer) {
        this.channel = channel;
        this.quota = quota;
        this.sealer = sealer;
    }

    static RecordingFile create(Path path, LongPredicate quota, SealedFormat.@Nullable Sealer sealer)
            throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        RecordingFile file = new RecordingFile(channel, quota, sealer);
        if (sealer != null) {
            try {
                file.write(ByteBuffer.wrap(sealer.begin()));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
        return file;
    }

    /** On the disk, as far as one who reads the file is concerned, when this returns. */
    void put(byte[] bytes, int length) throws IOException {
        if (sealer == null) {
            write(ByteBuffer.wrap(bytes, 0, length));
            return;
        }
        for (int done = 0; done < length; done += SealedFormat.CHUNK) {
            write(sealer.seal(bytes, done, Math.min(SealedFormat.CHUNK, length - done)));
        }
    }

    /** All of it survives a loss of power when this returns. */
    void end() throws IOException {
        channel.force(false);
        channel.close();
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (!quota.test(bytes.remaining())) {
            throw new IOException("recordings have no more space: the quota is used up");
        }
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
