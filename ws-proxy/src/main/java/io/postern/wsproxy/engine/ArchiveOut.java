package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Files on their way out of a container, as a tar. Confined to its stream's loop. */
public final class ArchiveOut implements Exchange.Listener {
    /** Who gets the tar; called on the loop. Exactly one of {@link #end} and {@link #failed} is the last call. */
    public interface Sink {
        /** Takes ownership. */
        void bytes(ByteBuf tar);

        void end();

        void failed(EngineRefusal why);
    }

    private static final int MOST_WORDS = 8 * 1024;

    private final HostName host;
    private final Sink sink;
    private final CompletableFuture<ArchiveOut> begun = new CompletableFuture<>();
    private final StringBuilder words = new StringBuilder();
    private @Nullable Exchange exchange;
    private int status;

    private ArchiveOut(HostName host, Sink sink) {
        this.host = host;
        this.sink = sink;
    }

    /** Completes with the engine's yes. */
    static CompletionStage<ArchiveOut> begin(
            HostStream stream, HostName host, String path, Duration timeout, Sink sink) {
        ArchiveOut archive = new ArchiveOut(host, sink);
        byte[] head = ResponseHead.request("GET", path, List.of("Host: engine", "Connection: close"));
        stream.loop().execute(() -> archive.exchange = Exchange.begin(stream, host, "GET", head, timeout, archive));
        return archive.begun;
    }

    /** On the loop. */
    public void pause() {
        if (exchange != null) {
            exchange.pause();
        }
    }

    /** On the loop. */
    public void resume() {
        if (exchange != null) {
            exchange.resume();
        }
    }

    /** On the loop: no more is wanted. */
    public void close() {
        if (exchange != null) {
            exchange.close();
        }
    }

    @Override
    public void head(ResponseHead head) {
        status = head.status();
        if (status == 200) {
            begun.complete(this);
        }
    }

    @Override
    public void body(ByteBuf bytes) {
        if (status == 200) {
            sink.bytes(bytes);
            return;
        }
        int some = Math.min(bytes.readableBytes(), MOST_WORDS - words.length());
        words.append(bytes.toString(bytes.readerIndex(), some, StandardCharsets.UTF_8));
        bytes.release();
    }

    @Override
    public void complete() {
        if (status == 200) {
            sink.end();
        } else {
            begun.completeExceptionally(Archives.refusal(host, status, words.toString()));
        }
    }

    @Override
    public void failed(EngineRefusal why) {
        if (!begun.completeExceptionally(why)) {
            sink.failed(why);
        }
    }
}
