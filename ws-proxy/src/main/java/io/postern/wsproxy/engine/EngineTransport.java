package io.postern.wsproxy.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries docker-java's calls over a host's dialer, one stream a call. Blocks, and is made for virtual threads. Bodies of
 * requests are whole arrays of at most {@value #LARGEST} bytes; what is bigger does not come this way.
 */
final class EngineTransport implements DockerHttpClient {
    private static final int LARGEST = 1024 * 1024;

    private final HostName host;
    private final HostDialer dialer;
    private final EventLoopGroup loops;
    private final Duration timeout;

    EngineTransport(HostName host, HostDialer dialer, EventLoopGroup loops, Duration timeout) {
        this.host = host;
        this.dialer = dialer;
        this.loops = loops;
        this.timeout = timeout;
    }

    @Override
    public Response execute(Request request) {
        if (request.hijackedInput() != null) {
            throw new UnsupportedOperationException("streams are hijacked elsewhere");
        }
        try {
            byte[] body = body(request);
            byte[] head = ResponseHead.request(request.method(), request.path(), headers(request, body));
            BlockingBody answer = new BlockingBody(timeout);
            HostStream stream = await(dialer.dialBriefly(loops.next()).toCompletableFuture());
            EventLoop loop = stream.loop();
            loop.execute(() -> {
                Exchange exchange = Exchange.begin(stream, host, request.method(), head, timeout, answer);
                answer.of(exchange, loop);
                if (body.length > 0) {
                    exchange.write(Unpooled.wrappedBuffer(body));
                }
            });
            return new Answer(await(answer.head()), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] body(Request request) throws IOException {
        if (request.bodyBytes() != null) {
            return request.bodyBytes();
        }
        InputStream body = request.body();
        if (body == null) {
            return new byte[0];
        }
        byte[] all = body.readNBytes(LARGEST + 1);
        if (all.length > LARGEST) {
            throw new IOException("a request's body exceeds " + LARGEST + " bytes");
        }
        return all;
    }

    private static List<String> headers(Request request, byte[] body) {
        List<String> headers = new ArrayList<>(List.of("Host: engine", "Connection: close"));
        request.headers().forEach((name, value) -> headers.add(name + ": " + value));
        if (body.length > 0 || !request.method().equals("GET")) {
            headers.add("Content-Length: " + body.length);
        }
        return headers;
    }

    private <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EngineRefusal refusal ? refusal : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new EngineRefusal(
                    EngineRefusal.Code.TIMEOUT, "the engine of host " + host + " did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(EngineRefusal.Code.TIMEOUT, "interrupted while asking host " + host);
        }
    }

    @Override
    public void close() {
        // each call closes its own stream
    }

    private record Answer(ResponseHead head, BlockingBody body) implements Response {
        @Override
        public int getStatusCode() {
            return head.status();
        }

        @Override
        public Map<String, List<String>> getHeaders() {
            return head.headers();
        }

        @Override
        public String getHeader(String name) {
            return head.header(name.toLowerCase(java.util.Locale.ROOT)).orElse(null);
        }

        @Override
        public InputStream getBody() {
            return body;
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
