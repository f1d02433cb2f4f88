package io.postern.wsproxy.front;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The body of an answer as a blocking stream, for one virtual thread: each 64 KiB wait until the client took those before. An
 * answer that is closed before its {@link #end} is cut, so that nobody takes it for whole. Made on the request's context.
 */
final class ResponseStream extends OutputStream {
    private static final int PIECE = 64 * 1024;

    private final HttpServerResponse response;
    private final Context loop;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE);
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private boolean ended;

    ResponseStream(RoutingContext context) {
        response = context.response().setChunked(true);
        loop = context.vertx().getOrCreateContext();
        context.addEndHandler(over -> gone.complete(null));
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int some = Math.min(PIECE - piece.size(), length - done);
            piece.write(bytes, offset + done, some);
            done += some;
            if (piece.size() == PIECE) {
                send();
            }
        }
    }

    private void send() throws IOException {
        Buffer buffer = Buffer.buffer(piece.toByteArray());
        piece.reset();
        CompletableFuture<Void> sent = new CompletableFuture<>();
        loop.runOnContext(nothing -> response.write(buffer).onComplete(done -> {
            if (done.succeeded()) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(done.cause());
            }
        }));
        try {
            CompletableFuture.anyOf(sent, gone).get();
        } catch (ExecutionException e) {
            throw new IOException("the client went: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (gone.isDone()) {
            throw new IOException("the client went");
        }
    }

    /** All was written. */
    void end() throws IOException {
        if (piece.size() > 0) {
            send();
        }
        ended = true;
        loop.runOnContext(nothing -> response.end());
    }

    @Override
    public void close() {
        if (!ended && !gone.isDone()) {
            loop.runOnContext(nothing -> response.reset());
        }
    }
}
