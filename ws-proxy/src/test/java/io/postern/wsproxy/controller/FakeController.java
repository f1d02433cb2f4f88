package io.postern.wsproxy.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A controller in memory, for tests of what asks it. */
public final class FakeController implements Controller {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public final Map<String, Standing> standings = new ConcurrentHashMap<>();
    public final BlockingQueue<Changed> changes = new LinkedBlockingQueue<>();
    public final List<Optional<Long>> polls = new CopyOnWriteArrayList<>();
    public final List<String> events = new CopyOnWriteArrayList<>();
    public final AtomicInteger asked = new AtomicInteger();
    public final AtomicInteger keysAsked = new AtomicInteger();
    public final List<Boolean> uses = new CopyOnWriteArrayList<>();
    public volatile ControllerTrouble.@Nullable Kind trouble;
    public volatile String keys = "{\"keys\":[]}";
    public volatile String refusedType = "";
    private final Map<String, Taken> tickets = new ConcurrentHashMap<>();

    /** An API Session with grants on one host. */
    public void standing(String apiSession, String identity, String host, String grants) {
        try {
            JsonNode node = JSON.readTree("{\"name\":\"" + host + "\",\"grants\":" + grants + "}");
            standings.put(
                    apiSession, new Standing(apiSession, identity, identity + "-name", false, Map.of(host, node)));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private void answer() throws ControllerTrouble {
        ControllerTrouble.Kind kind = trouble;
        if (kind != null) {
            throw new ControllerTrouble(kind, "made up");
        }
    }

    @Override
    public JsonNode keys() throws ControllerTrouble {
        keysAsked.incrementAndGet();
        answer();
        try {
            return JSON.readTree(keys);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public List<String> addresses() {
        return List.of("https://controller:1280");
    }

    @Override
    public Map<String, Standing> standings(List<String> apiSessions, boolean use) throws ControllerTrouble {
        asked.incrementAndGet();
        uses.add(use);
        answer();
        Map<String, Standing> found = new HashMap<>();
        apiSessions.forEach(id -> {
            Standing standing = standings.get(id);
            if (standing != null) {
                found.put(id, standing);
            }
        });
        return found;
    }

    @Override
    public Changed changes(Optional<Long> after, Duration patience) throws ControllerTrouble {
        polls.add(after);
        answer();
        try {
            Changed changed = changes.poll(50, TimeUnit.MILLISECONDS);
            answer();
            return changed == null ? new Changed(after.orElse(0L), false, List.of()) : changed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControllerTrouble(ControllerTrouble.Kind.AWAY, "interrupted");
        }
    }

    @Override
    public String ticket(String apiSessionId, String purpose, Instant tokenExpiresAt) throws ControllerTrouble {
        answer();
        Standing standing = standings.get(apiSessionId);
        if (standing == null) {
            throw new ControllerTrouble(ControllerTrouble.Kind.NOT_FOUND, "ended");
        }
        String ticket = "ticket-" + tickets.size();
        tickets.put(
                ticket,
                new Taken(
                        apiSessionId,
                        standing.identityId(),
                        standing.identityName(),
                        standing.isAdmin(),
                        tokenExpiresAt,
                        purpose));
        return ticket;
    }

    @Override
    public Optional<Taken> take(String ticket) throws ControllerTrouble {
        answer();
        return Optional.ofNullable(tickets.remove(ticket));
    }

    @Override
    public void report(ArrayNode batch) throws ControllerTrouble {
        answer();
        List<String> lines = new ArrayList<>();
        for (JsonNode event : batch) {
            if (event.path("type").asText().equals(refusedType)) {
                throw new ControllerTrouble(ControllerTrouble.Kind.REFUSED, "wrong");
            }
            lines.add(event.toString());
        }
        events.addAll(lines);
    }
}
