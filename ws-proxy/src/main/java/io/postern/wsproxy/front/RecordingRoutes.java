package io.postern.wsproxy.front;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.audit.Audit;
import io.postern.wsproxy.audit.Happening;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.recording.RecordingId;
import io.postern.wsproxy.recording.Recordings;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Recordings of consoles, for those who may see the container's. Files are read on virtual threads. */
final class RecordingRoutes {
    private static final Logger LOG = Logger.getLogger(RecordingRoutes.class);
    private static final String ASCIICAST = "application/x-asciicast";

    private final Reception reception;
    private final Recordings recordings;
    private final Audit audit;
    private final Executor threads = Thread::startVirtualThread;

    RecordingRoutes(Reception reception, Recordings recordings, Audit audit) {
        this.reception = reception;
        this.recordings = recordings;
        this.audit = audit;
    }

    void install(Router router) {
        router.get("/v1/recordings").handler(this::list);
        router.get("/v1/recordings/:recording").handler(this::show);
    }

    private <T> CompletionStage<T> read(Supplier<T> reading) {
        return CompletableFuture.supplyAsync(reading, threads);
    }

    private void list(RoutingContext context) {
        CompletionStage<ArrayNode> answer = reception
                .known(context)
                .thenCompose(known -> read(() -> {
                    ArrayNode list = JsonNodeFactory.instance.arrayNode();
                    recordings.list().stream()
                            .filter(entry -> known.rights()
                                    .permits(
                                            Action.VIEW_RECORDING, entry.title().container()))
                            .forEach(entry -> list.add(view(entry)));
                    return list;
                }));
        Front.answer(context, answer, list -> Replies.json(context, 200, list));
    }

    private static ObjectNode view(Recordings.Entry entry) {
        ContainerFacts container = entry.title().container();
        ObjectNode view = JsonNodeFactory.instance
                .objectNode()
                .put("id", entry.id().value())
                .put("began", entry.began().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("who", entry.title().who())
                .put("bytes", entry.bytes())
                .put("running", entry.running());
        view.putObject("container")
                .put("host", container.host().value())
                .put("id", container.id())
                .put("name", container.name())
                .put("image", container.image());
        entry.title().command().forEach(view.putArray("command")::add);
        return view;
    }

    private static Refused unknown() {
        return new Refused(404, "RECORDING_UNKNOWN", "There is no such recording that you may see.");
    }

    private void show(RoutingContext context) {
        String text = context.pathParam("recording");
        if (!text.matches("[0-9a-f]{32}")) {
            throw unknown();
        }
        RecordingId id = new RecordingId(text);
        boolean second = Parameters.text(context.queryParams(), "version")
                .filter("2"::equals)
                .isPresent();
        CompletionStage<Optional<Path>> file = reception
                .known(context)
                .thenCompose(known -> read(() -> {
                    Recordings.Entry entry = recordings
                            .entry(id)
                            .filter(found -> known.rights()
                                    .permits(
                                            Action.VIEW_RECORDING, found.title().container()))
                            .orElseThrow(RecordingRoutes::unknown);
                    ContainerFacts container = entry.title().container();
                    audit.record(new Happening.RecordingViewed(
                            known.subject(), text, container.host().value(), container.id()));
                    return second ? Optional.empty() : recordings.path(id);
                }));
        Front.answer(context, file, path -> {
            context.response().putHeader("Content-Type", ASCIICAST);
            if (path.isPresent()) {
                context.response().sendFile(path.get().toString());
            } else {
                stream(context, id, second);
            }
        });
    }

    /** At the client's pace, and never by way of another file: what is sealed on the disk stays so. */
    private void stream(RoutingContext context, RecordingId id, boolean second) {
        ResponseStream out = new ResponseStream(context);
        threads.execute(() -> {
            try (out) {
                if (second) {
                    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    recordings.version2(id, text);
                    text.flush();
                } else {
                    recordings.version3(id, out);
                }
                out.end();
            } catch (IOException e) {
                LOG.warnf("recording.unsent recording=%s cause=%s", id, e.getMessage());
            }
        });
    }
}
