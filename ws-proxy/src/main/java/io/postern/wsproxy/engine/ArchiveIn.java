package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A tar on its way into a container. Confined to its stream's loop. */
public final class ArchiveIn implements Exchange.Listener {
    private static final int MOST_WORDS = 8 * 1024;

    private final HostName host;
    private final Runnable writable;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final StringBuilder words = new StringBuilder();
    private @Nullable Exchange exchange;
    private int status;

    private ArchiveIn(HostName host, Runnable writable) {
        this.host = host;
        this.writable = writable;
    }

    static CompletionStage<ArchiveIn> begin(
            HostStream stream, HostName host, String path, Duration timeout, Runnable writable) {
        ArchiveIn archive = new ArchiveIn(host, writable);
        byte[] head = ResponseHead.request(
                "PUT",
                path,
                List.of(
                        "Host: engine",
                        "Connection: close",
                        "Content-Type: application/x-tar",
                        "Transfer-Encoding: chunked"));
        CompletableFuture<ArchiveIn> begun = new CompletableFuture<>();
        // The answer comes when the tar is unpacked, so the patience is for a whole upload.
        Duration whole = timeout.multipliedBy(20);
        stream.loop().execute(() -> {
            archive.exchange = Exchange.begin(stream, host, "PUT", head, whole, archive);
            begun.complete(archive);
        });
        return begun;
    }

    /** On the loop; takes ownership. */
    public void write(ByteBuf tar) {
        if (exchange == null || done.isDone()) {
            tar.release();
        } else {
            exchange.writeChunk(tar);
        }
    }

    /** On the loop. */
    public boolean isWritable() {
        return exchange == null || exchange.isWritable();
    }

    /** On the loop: that was all. Completes when the engine unpacked it. */
    public CompletionStage<Void> finish() {
        if (exchange != null && !done.isDone()) {
            exchange.lastChunk();
        }
        return done;
    }

    /** What becomes of it; an engine may refuse before all is sent. */
    public CompletionStage<Void> done() {
        return done;
    }

    /** On the loop: gives up; the engine keeps what it has unpacked. */
    public void close() {
        if (exchange != null) {
            exchange.close();
        }
        done.completeExceptionally(new EngineRefusal(EngineRefusal.Code.BAD_REQUEST, "the upload was given up"));
    }

    @Override
    public void head(ResponseHead head) {
        status = head.status();
    }

    @Override
    public void body(ByteBuf bytes) {
        int some = Math.min(bytes.readableBytes(), MOST_WORDS - words.length());
        words.append(bytes.toString(bytes.readerIndex(), some, StandardCharsets.UTF_8));
        bytes.release();
    }

    @Override
    public void complete() {
        if (status >= 200 && status < 300) {
            done.complete(null);
        } else {
            done.completeExceptionally(Archives.refusal(host, status, words.toString()));
        }
    }

    @Override
    public void failed(EngineRefusal why) {
        done.completeExceptionally(why);
    }

    @Override
    public void writable() {
        writable.run();
    }
}
