package io.postern.wsproxy.recording;

import java.io.ByteArrayOutputStream;
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
    /** As long as it must be: consoles are many, and most are quiet. */
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream(0);

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
                file.write(sealer.begin());
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
        return file;
    }

    /** On the disk, or when sealed after {@link #flush} at the latest. */
    void put(byte[] bytes) throws IOException {
        if (sealer == null) {
            write(bytes);
            return;
        }
        for (int done = 0; done < bytes.length; ) {
            int some = Math.min(SealedFormat.CHUNK - waiting.size(), bytes.length - done);
            waiting.write(bytes, done, some);
            done += some;
            if (waiting.size() == SealedFormat.CHUNK) {
                flush();
            }
        }
    }

    void flush() throws IOException {
        if (sealer != null && waiting.size() > 0) {
            byte[] plain = waiting.toByteArray();
            waiting = new ByteArrayOutputStream(0);
            write(sealer.seal(plain, plain.length));
        }
    }

    /** All of it is on the disk when this returns. */
    void end() throws IOException {
        flush();
        channel.force(false);
        channel.close();
    }

    private void write(byte[] bytes) throws IOException {
        if (!quota.test(bytes.length)) {
            throw new IOException("recordings have no more space: the quota is used up");
        }
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** What was not flushed is lost. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
