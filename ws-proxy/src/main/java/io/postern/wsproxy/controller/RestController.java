package io.postern.wsproxy.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.client.ApiRefusal;
import io.postern.client.ControllerClient;
import io.postern.client.ControllerClient.Api;
import io.postern.client.IdentityFile;
import io.postern.wsproxy.controller.ControllerTrouble.Kind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Asks over REST with the proxy's identity. Calls that wait have a client of their own, so that they hold up no other. */
public final class RestController implements Controller, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration QUICK = Duration.ofSeconds(5);
    private static final Duration PATIENT = Duration.ofSeconds(40);
    private static final int AT_ONCE = 16;

    private final List<String> addresses;
    private final Line quick;
    private final Line patient;
    /** More calls wait their turn, as long as a call may take. */
    private final Semaphore places = new Semaphore(AT_ONCE);

    public RestController(IdentityFile identity) {
        this.addresses = identity.controllers().stream().map(URI::toString).toList();
        this.quick = new Line(ControllerClient.of(identity, QUICK));
        this.patient = new Line(ControllerClient.of(identity, PATIENT));
    }

    @FunctionalInterface
    private interface Call<T> {
        T on(ControllerClient client) throws IOException;
    }

    /** A client that logs in before its first call; it logs in again by itself. */
    private static final class Line {
        private final ControllerClient client;
        private boolean loggedIn;

        Line(ControllerClient client) {
            this.client = client;
        }

        private synchronized void logIn() throws IOException {
            if (!loggedIn) {
                client.authenticate();
                loggedIn = true;
            }
        }

        <T> T ask(Call<T> call) throws ControllerTrouble {
            try {
                logIn();
                return call.on(client);
            } catch (ApiRefusal refusal) {
                throw new ControllerTrouble(kind(refusal.status()), refusal.getMessage());
            } catch (IOException e) {
                throw new ControllerTrouble(Kind.AWAY, "the controller does not answer: " + e.getMessage());
            }
        }

        private static Kind kind(int status) {
            return switch (status) {
                case 401, 403 -> Kind.FORBIDDEN; // 401: not even to log in
                case 404 -> Kind.NOT_FOUND;
                case 429 -> Kind.BUSY;
                case 400, 409, 413 -> Kind.REFUSED;
                default -> Kind.AWAY;
            };
        }
    }

    private <T> T quickly(Call<T> call) throws ControllerTrouble {
        try {
            if (!places.tryAcquire(QUICK.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ControllerTrouble(Kind.AWAY, "the controller answers too slowly");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControllerTrouble(Kind.AWAY, "interrupted");
        }
        try {
            return quick.ask(call);
        } finally {
            places.release();
        }
    }

    @Override
    public List<String> addresses() {
        return addresses;
    }

    @Override
    public JsonNode keys() throws ControllerTrouble {
        return quickly(ControllerClient::keys);
    }

    @Override
    public Map<String, Standing> standings(List<String> apiSessions, boolean use) throws ControllerTrouble {
        ObjectNode question = JSON.createObjectNode().put("use", use);
        ArrayNode ids = question.putArray("apiSessions");
        apiSessions.forEach(ids::add);
        JsonNode answer = quickly(client -> client.post(Api.CLIENT, "/console-rights", question));
        Map<String, Standing> standings = new HashMap<>();
        answer.path("sessions").forEach(each -> {
            Standing standing = standing(each);
            standings.put(standing.apiSessionId(), standing);
        });
        return standings;
    }

    private static Standing standing(JsonNode session) {
        Map<String, JsonNode> hosts = new LinkedHashMap<>();
        session.path("hosts").forEach(host -> hosts.put(host.path("name").asText(), host));
        return new Standing(
                session.path("apiSessionId").asText(),
                session.path("identityId").asText(),
                session.path("identityName").asText(),
                session.path("isAdmin").asBoolean(),
                hosts);
    }

    @Override
    public Changed changes(Optional<Long> after, Duration patience) throws ControllerTrouble {
        String query = after.map(index -> "?after=" + index + "&wait=" + patience.toSeconds())
                .orElse("");
        JsonNode answer = patient.ask(client -> client.get(Api.CLIENT, "/console-changes" + query));
        List<String> concerned = new ArrayList<>();
        answer.path("concerned").forEach(id -> concerned.add(id.asText()));
        return new Changed(
                answer.path("index").asLong(), answer.path("everybody").asBoolean(), List.copyOf(concerned));
    }

    @Override
    public String ticket(String apiSessionId, String purpose, Instant tokenExpiresAt) throws ControllerTrouble {
        ObjectNode wanted = JSON.createObjectNode()
                .put("apiSessionId", apiSessionId)
                .put("purpose", purpose)
                .put("tokenExpiresAt", tokenExpiresAt.toString());
        return quickly(client -> client.post(Api.CLIENT, "/console-tickets", wanted))
                .path("ticket")
                .asText();
    }

    @Override
    public Optional<Taken> take(String ticket) throws ControllerTrouble {
        ObjectNode shown = JSON.createObjectNode().put("ticket", ticket);
        try {
            JsonNode taken = quickly(client -> client.post(Api.CLIENT, "/console-tickets/taken", shown));
            return Optional.of(new Taken(
                    taken.path("apiSessionId").asText(),
                    taken.path("identityId").asText(),
                    taken.path("identityName").asText(),
                    taken.path("isAdmin").asBoolean(),
                    Instant.parse(taken.path("tokenExpiresAt").asText()),
                    taken.path("purpose").asText()));
        } catch (ControllerTrouble trouble) {
            if (trouble.kind() == Kind.NOT_FOUND || trouble.kind() == Kind.REFUSED) {
                return Optional.empty();
            }
            throw trouble;
        }
    }

    @Override
    public void report(ArrayNode events) throws ControllerTrouble {
        quickly(client -> client.post(Api.CLIENT, "/console-events", events));
    }

    @Override
    public void close() {
        quick.client.close();
        patient.client.close();
    }
}
