package io.postern.wsproxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.engine.ArchiveIn;
import io.postern.wsproxy.engine.ArchiveOut;
import io.postern.wsproxy.engine.EngineRefusal;
import io.postern.wsproxy.front.Reception.Meant;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code /archive}: tars out of and into a container, streamed at the pace of the slower side, within a bound. */
final class ArchiveRoutes {
    private static final String PATH = "/v1/hosts/:host/containers/:container/archive";
    private static final String TAR = "application/x-tar";

    private final Reception reception;
    private final Copies copies;
    private final Audit audit;
    private final long longest;

    ArchiveRoutes(Reception reception, Copies copies, Audit audit, long longest) {
        this.reception = reception;
        this.copies = copies;
        this.audit = audit;
        this.longest = longest;
    }

    void install(Router router) {
        router.get(PATH).handler(this::out);
        router.put(PATH).handler(this::in);
    }

    private static String path(RoutingContext context) {
        String path = Parameters.text(context.queryParams(), "path")
                .orElseThrow(() -> Refused.badRequest("'path' is missing: an absolute path in the container."));
        if (!path.startsWith("/") || path.length() > 4096 || path.indexOf('\0') >= 0) {
            throw Refused.badRequest("'path' is an absolute path in the container.");
        }
        return path;
    }

    private CompletionStage<Meant> meant(RoutingContext context, Action action) {
        return reception
                .known(context)
                .thenCompose(known -> reception.find(known, Parameters.host(context), context.pathParam("container")))
                .thenApply(meant -> {
                    Reception.demand(meant.rights(), action, meant.container());
                    return meant;
                });
    }

    /** A copy under way, and its end in the audit, once. */
    private final class Copy {
        private final Meant meant;
        private final Action action;
        private final String path;
        private final long began = System.nanoTime();
        private long bytes;
        private boolean over;

        Copy(Meant meant, Action action, String path) {
            this.meant = meant;
            this.action = action;
            this.path = path;
        }

        /** @return false when it is more than may be */
        boolean count(int more) {
            bytes += more;
            return bytes <= longest;
        }

        void end(String outcome) {
            if (!over) {
                over = true;
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                audit.record(
                        new Happening.Copied(meant.subject(), meant.container(), action, path, bytes, took, outcome));
            }
        }
    }

    private static EventLoop loop(Context context) {
        return ((ContextInternal) context).nettyEventLoop();
    }

    private void out(RoutingContext context) {
        String path = path(context);
        Context loop = context.vertx().getOrCreateContext();
        HttpServerResponse response = context.response();
        meant(context, Action.COPY_OUT)
                .thenCompose(meant -> {
                    Outgoing outgoing = new Outgoing(response, loop, new Copy(meant, Action.COPY_OUT, path));
                    return copies.out(meant.container(), path, loop(loop), outgoing)
                            .thenApply(archive -> {
                                outgoing.archive = archive;
                                return outgoing;
                            });
                })
                .whenComplete((outgoing, failure) -> loop.runOnContext(nothing -> {
                    if (failure != null) {
                        Replies.refuse(context, failure);
                    } else if (outgoing.copy.over) {
                        return;
                    } else {
                        response.closeHandler(gone -> outgoing.stop("the client went"));
                        response.drainHandler(room -> outgoing.resume());
                    }
                }));
    }

    /** The engine's tar on its way to a client. On the request's loop, which the archive's stream shares. */
    private final class Outgoing implements ArchiveOut.Sink {
        private final HttpServerResponse response;
        private final Context loop;
        private final Copy copy;
        private @Nullable ArchiveOut archive;

        Outgoing(HttpServerResponse response, Context loop, Copy copy) {
            this.response = response;
            this.loop = loop;
            this.copy = copy;
        }

        private void resume() {
            if (archive != null) {
                archive.resume();
            }
        }

        private void stop(String outcome) {
            if (!copy.over) {
                copy.end(outcome);
                if (archive != null) {
                    archive.close();
                }
            }
        }

        private void begin() {
            if (!response.headWritten()) {
                response.setChunked(true).putHeader("Content-Type", TAR).setStatusCode(200);
            }
        }

        @Override
        public void bytes(ByteBuf tar) {
            if (copy.over || response.closed()) {
                tar.release();
                return;
            }
            if (!copy.count(tar.readableBytes())) {
                tar.release();
                stop("too long");
                response.reset();
                return;
            }
            begin();
            byte[] chunk = new byte[tar.readableBytes()];
            tar.readBytes(chunk);
            tar.release();
            response.write(Buffer.buffer(chunk));
            if (response.writeQueueFull() && archive != null) {
                archive.pause();
            }
        }

        @Override
        public void end() {
            loop.runOnContext(nothing -> {
                copy.end("done");
                if (!response.ended() && !response.closed()) {
                    begin();
                    response.end();
                }
            });
        }

        /** The status is said: a client notices the cut only by a tar without end, so the connection is broken. */
        @Override
        public void failed(EngineRefusal why) {
            copy.end(why.code().name());
            response.reset();
        }
    }

    private void in(RoutingContext context) {
        String path = path(context);
        HttpServerRequest request = context.request();
        request.pause();
        String length = request.getHeader("Content-Length");
        if (length != null && (!length.matches("[0-9]{1,18}") || Long.parseLong(length) > longest)) {
            request.resume();
            throw new Refused(413, "ARCHIVE_TOO_LONG", "An archive has at most " + longest + " bytes.");
        }
        Context loop = context.vertx().getOrCreateContext();
        meant(context, Action.COPY_IN)
                .thenCompose(meant -> copies.in(
                                meant.container(), path, loop(loop), () -> loop.runOnContext(room -> request.resume()))
                        .thenApply(archive -> new Incoming(archive, new Copy(meant, Action.COPY_IN, path))))
                .whenComplete((incoming, failure) -> loop.runOnContext(nothing -> {
                    if (failure != null) {
                        request.resume();
                        Replies.refuse(context, failure);
                    } else {
                        incoming.flow(context);
                    }
                }));
    }

    /** A client's tar on its way to the engine. */
    private record Incoming(ArchiveIn archive, Copy copy) {
        void flow(RoutingContext context) {
            HttpServerRequest request = context.request();
            request.exceptionHandler(broken -> {
                copy.end("the client went");
                archive.close();
            });
            request.handler(part -> part(context, part));
            request.endHandler(nothing -> archive.finish());
            Front.answer(
                    context,
                    archive.done()
                            .whenComplete((done, failure) -> copy.end(
                                    failure == null
                                            ? "done"
                                            : Refused.of(failure).code())),
                    done -> Replies.empty(context, 204));
            request.resume();
        }

        private void part(RoutingContext context, Buffer part) {
            if (!copy.count(part.length())) {
                copy.end("too long");
                archive.close();
                Replies.refuse(context, new Refused(413, "ARCHIVE_TOO_LONG", "The archive is too long."));
                return;
            }
            archive.write(Unpooled.wrappedBuffer(part.getBytes()));
            if (!archive.isWritable()) {
                context.request().pause();
            }
        }
    }
}
