package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.postern.client.DialOptions;
import io.postern.client.LoopStream;
import io.postern.client.PosternClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Dials an engine through the overlay. Bulk gets a Channel of its own, as a Channel has one window for all it carries. */
record OverlayDialer(HostName host, PosternClient client) implements HostDialer {
    private static final DialOptions OPTIONS = DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(10));

    @Override
    public CompletionStage<HostStream> dial(EventLoop loop) {
        return adapted(client.dialStream(host.value(), OPTIONS, loop));
    }

    @Override
    public CompletionStage<HostStream> dialBriefly(EventLoop loop) {
        return adapted(client.dialStream(host.value(), OPTIONS));
    }

    private CompletionStage<HostStream> adapted(CompletionStage<LoopStream> dialled) {
        CompletableFuture<HostStream> result = new CompletableFuture<>();
        dialled.whenComplete((stream, failure) -> {
            if (stream != null) {
                result.complete(new Adapted(stream));
            } else {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                result.completeExceptionally(new EngineRefusal(
                        EngineRefusal.Code.HOST_UNREACHABLE, "host " + host + ": " + cause.getMessage()));
            }
        });
        return result;
    }

    private record Adapted(LoopStream stream) implements HostStream {
        @Override
        public EventLoop loop() {
            return stream.loop();
        }

        @Override
        public void receive(Receiver receiver) {
            stream.receive(new LoopStream.Receiver() {
                @Override
                public void bytes(ByteBuf bytes) {
                    receiver.bytes(bytes);
                }

                @Override
                public void writable() {
                    receiver.writable();
                }

                @Override
                public void ended() {
                    receiver.ended();
                }

                @Override
                public void broken(String why) {
                    receiver.broken(why);
                }
            });
        }

        @Override
        public void write(ByteBuf bytes) {
            stream.write(bytes);
        }

        @Override
        public boolean isWritable() {
            return stream.isWritable();
        }

        @Override
        public void pause() {
            stream.pause();
        }

        @Override
        public void resume() {
            stream.resume();
        }

        @Override
        public void closeOutput() {
            stream.closeOutput();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
