package io.postern.wsproxy.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Follows one engine's events on one loop, from {@link #start} to {@link #stop}; asks again when the stream ends. */
final class EngineEvents {
    private static final Logger LOG = Logger.getLogger(EngineEvents.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int LONGEST = 256 * 1024;
    private static final String PATH = "/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D";

    private final HostName host;
    private final HostDialer dialer;
    private final EventLoop loop;
    private final Duration timeout;
    private final Consumer<ContainerEvent> listener;
    private @Nullable Exchange exchange;
    private boolean stopped;

    EngineEvents(
            HostName host, HostDialer dialer, EventLoop loop, Duration timeout, Consumer<ContainerEvent> listener) {
        this.host = host;
        this.dialer = dialer;
        this.loop = loop;
        this.timeout = timeout;
        this.listener = listener;
    }

    /** Any thread. */
    void start() {
        loop.execute(this::follow);
    }

    /** Any thread. */
    void stop() {
        loop.execute(() -> {
            stopped = true;
            if (exchange != null) {
                exchange.close();
            }
        });
    }

    private void follow() {
        if (stopped) {
            return;
        }
        dialer.dial(loop)
                .whenComplete((stream, failure) -> loop.execute(() -> {
                    if (stream == null) {
                        again("no way to it");
                    } else if (stopped) {
                        stream.close();
                    } else {
                        byte[] head = ResponseHead.request("GET", PATH, List.of("Host: engine"));
                        exchange = Exchange.begin(stream, host, "GET", head, timeout, new Lines());
                    }
                }));
    }

    private void again(String why) {
        if (!stopped) {
            LOG.debugf("engine.events.lost host=%s cause=%s", host, why);
            loop.schedule(this::follow, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** One JSON object a line. */
    private final class Lines implements Exchange.Listener {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void head(ResponseHead head) {
            if (head.status() != 200 && exchange != null) {
                exchange.close();
                again("status " + head.status());
            }
        }

        @Override
        public void body(ByteBuf bytes) {
            try {
                while (bytes.isReadable()) {
                    byte next = bytes.readByte();
                    if (next == '\n') {
                        tell(line.toByteArray());
                        line.reset();
                    } else if (line.size() < LONGEST) {
                        line.write(next);
                    }
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void complete() {
            again("stream ended");
        }

        @Override
        public void failed(EngineRefusal why) {
            again(why.getMessage());
        }
    }

    private void tell(byte[] line) {
        try {
            JsonNode event = JSON.readTree(line);
            if (event != null) {
                read(event).ifPresent(listener);
            }
        } catch (IOException e) {
            LOG.debugf("engine.events.unread host=%s", host);
        }
    }

    /** Docker's words and Podman's. */
    static Optional<ContainerEvent> read(JsonNode event) {
        JsonNode actor = event.path("Actor");
        String id = actor.path("ID").asText(event.path("id").asText());
        JsonNode attributes = actor.path("Attributes");
        return switch (event.path("Action").asText(event.path("status").asText())) {
            case "die", "died" ->
                Optional.of(new ContainerEvent.Died(
                        id,
                        attributes
                                .path("exitCode")
                                .asInt(attributes.path("containerExitCode").asInt(-1))));
            case "pause" -> Optional.of(new ContainerEvent.Paused(id));
            case "unpause" -> Optional.of(new ContainerEvent.Unpaused(id));
            case "rename" ->
                Optional.of(
                        new ContainerEvent.Renamed(id, attributes.path("name").asText()));
            case "destroy", "remove" -> Optional.of(new ContainerEvent.Destroyed(id));
            default -> Optional.empty();
        };
    }
}
