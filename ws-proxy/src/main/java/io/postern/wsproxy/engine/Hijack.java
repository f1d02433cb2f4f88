package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an engine to hand a stream over. Only after its 101 or 200 is there a tunnel; any other answer is a refusal, and a
 * redirect is never followed. Confined to the stream's loop.
 */
final class Hijack implements HostStream.Receiver {
    private static final int MOST_WORDS = 8 * 1024;

    private final HostStream stream;
    private final HostName host;
    private final CompletableFuture<Tunnel> tunnel = new CompletableFuture<>();
    private final ResponseHead.Reader reader = new ResponseHead.Reader();
    private final StringBuilder words = new StringBuilder();
    private final ScheduledFuture<?> patience;
    private @Nullable ResponseHead refused;
    private @Nullable BodyDecoder body;

    private Hijack(HostStream stream, HostName host, Duration timeout) {
        this.stream = stream;
        this.host = host;
        this.patience = stream.loop().schedule(this::late, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** On the loop. @param path made of validated ids only @param json the body */
    static CompletionStage<Tunnel> begin(HostStream stream, HostName host, String path, byte[] json, Duration timeout) {
        Hijack hijack = new Hijack(stream, host, timeout);
        byte[] head = ResponseHead.request(
                "POST",
                path,
                List.of(
                        "Host: engine",
                        "Connection: Upgrade",
                        "Upgrade: tcp",
                        "Content-Type: application/json",
                        "Content-Length: " + json.length));
        stream.write(Unpooled.wrappedBuffer(head, json));
        stream.receive(hijack);
        return hijack.tunnel;
    }

    private void late() {
        fail(new EngineRefusal(
                EngineRefusal.Code.TIMEOUT, "the engine of host " + host + " did not start the stream in time"));
    }

    @Override
    public void bytes(ByteBuf in) {
        try {
            if (tunnel.isDone()) {
                return;
            }
            if (body == null) {
                head(in);
            }
            if (body != null) {
                body.feed(in, this::word);
                if (body.isDone()) {
                    refuse();
                }
            }
        } catch (MalformedAnswer e) {
            fail(new EngineRefusal(EngineRefusal.Code.ENGINE_FAILED, e.getMessage()));
        } finally {
            in.release();
        }
    }

    private void head(ByteBuf in) {
        ResponseHead head = reader.feed(in);
        if (head == null) {
            return;
        }
        if (head.status() != 101 && head.status() != 200) {
            refused = head;
            body = new BodyDecoder(head, false);
            return;
        }
        patience.cancel(false);
        stream.pause();
        ByteBuf first = in.readRetainedSlice(in.readableBytes());
        if (!tunnel.complete(new Tunnel(stream, first))) {
            first.release();
            stream.close();
        }
    }

    private void word(ByteBuf bytes) {
        int some = Math.min(bytes.readableBytes(), MOST_WORDS - words.length());
        words.append(bytes.toString(bytes.readerIndex(), some, StandardCharsets.UTF_8));
        bytes.release();
        if (words.length() >= MOST_WORDS) {
            refuse();
        }
    }

    private void refuse() {
        if (refused != null) {
            fail(Refusals.of(host, refused.status(), words.toString()));
        }
    }

    @Override
    public void ended() {
        if (refused != null) {
            refuse();
        } else {
            broken("its engine hung up without an answer");
        }
    }

    @Override
    public void broken(String why) {
        fail(new EngineRefusal(EngineRefusal.Code.HOST_UNREACHABLE, "host " + host + ": " + why));
    }

    private void fail(EngineRefusal why) {
        patience.cancel(false);
        if (tunnel.completeExceptionally(why)) {
            stream.close();
        }
    }
}
