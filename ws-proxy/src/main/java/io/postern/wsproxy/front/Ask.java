package io.postern.wsproxy.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.wsproxy.access.Access.TicketFor;
import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.engine.HostName;
import io.postern.wsproxy.hub.SessionId;
import io.postern.wsproxy.hub.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a client asks to be connected with, before anybody looked whether that is there and allowed. */
public sealed interface Ask {
    /** A container's main process. */
    record Attach(HostName host, String container, boolean observe, Optional<Size> size) implements Ask {}

    /** A command of its own. */
    record Exec(
            HostName host,
            String container,
            List<String> command,
            boolean tty,
            boolean stdin,
            Optional<String> user,
            Optional<String> directory,
            List<String> environment,
            Optional<Size> size)
            implements Ask {
        /** Most words, and characters of all of them. */
        static final int WORDS = 256;

        static final int CHARACTERS = 8192;

        public Exec {
            command = List.copyOf(command);
            environment = List.copyOf(environment);
            if (environment.size() > WORDS
                    || environment.stream().mapToInt(String::length).sum() > CHARACTERS
                    || environment.stream().anyMatch(one -> !one.matches("(?s)[A-Za-z_][A-Za-z0-9_]*=[^\\x00]*"))) {
                throw Refused.badRequest("A variable of the environment is NAME=VALUE, and all are not endless.");
            }
            if (command.isEmpty() || command.getFirst().isEmpty()) {
                throw Refused.badRequest("An exec needs a command.");
            }
            if (command.size() > WORDS
                    || command.stream().mapToInt(String::length).sum() > CHARACTERS) {
                throw Refused.badRequest(
                        "The command is longer than " + WORDS + " words or " + CHARACTERS + " characters.");
            }
            if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
                throw Refused.badRequest("A command has no NUL in it.");
            }
            user.filter(name -> !name.matches("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}"))
                    .ifPresent(name -> {
                        throw Refused.badRequest("That is not the name of a user.");
                    });
            directory
                    .filter(path -> !path.startsWith("/") || path.length() > 4096 || path.indexOf('\0') >= 0)
                    .ifPresent(path -> {
                        throw Refused.badRequest("A working directory is an absolute path.");
                    });
        }

        /** In the container's own environment. */
        public Exec(
                HostName host,
                String container,
                List<String> command,
                boolean tty,
                boolean stdin,
                Optional<String> user,
                Optional<String> directory,
                Optional<Size> size) {
            this(host, container, command, tty, stdin, user, directory, List.of(), size);
        }
    }

    /** A session that lives. */
    record Resume(SessionId session, boolean observe, Optional<Long> from) implements Ask {}

    /** For the record: the right it takes, or {@code resume}. */
    default String word() {
        return switch (this) {
            case Attach attach -> (attach.observe() ? Action.OBSERVE : Action.ATTACH).word();
            case Exec exec -> Action.EXEC.word();
            case Resume resume -> "resume";
        };
    }

    /** For the record: the host's name, empty where only a session is named. */
    default String place() {
        return switch (this) {
            case Attach attach -> attach.host().value();
            case Exec exec -> exec.host().value();
            case Resume resume -> "";
        };
    }

    /** For the record: the container or session, as it was named. */
    default String target() {
        return switch (this) {
            case Attach attach -> attach.container();
            case Exec exec -> exec.container();
            case Resume resume -> resume.session().value();
        };
    }

    JsonMapper JSON = JsonMapper.builder().build();

    /** As it is kept behind a ticket. */
    default TicketFor ticket() {
        ObjectNode json = JSON.createObjectNode();
        switch (this) {
            case Attach attach -> {
                json.put("kind", "attach").put("host", attach.host().value()).put("container", attach.container());
                json.put("observe", attach.observe());
            }
            case Exec exec -> {
                json.put("kind", "exec").put("host", exec.host().value()).put("container", exec.container());
                exec.command().forEach(json.withArray("command")::add);
                json.put("tty", exec.tty()).put("stdin", exec.stdin());
                exec.user().ifPresent(user -> json.put("user", user));
                exec.directory().ifPresent(path -> json.put("directory", path));
                exec.environment().forEach(json.withArray("environment")::add);
            }
            case Resume resume -> {
                json.put("kind", "resume").put("session", resume.session().value());
                json.put("observe", resume.observe());
                resume.from().ifPresent(from -> json.put("from", from));
            }
        }
        return new TicketFor(json.toString());
    }

    /** Reads what {@link #ticket} made. */
    static Ask of(TicketFor ticket) {
        try {
            JsonNode json = JSON.readTree(ticket.json());
            HostName host = new HostName(json.path("host").asText());
            String container = json.path("container").asText();
            boolean observe = json.path("observe").asBoolean();
            return switch (json.path("kind").asText()) {
                case "attach" -> new Attach(host, container, observe, Optional.empty());
                case "exec" -> {
                    List<String> command = new ArrayList<>();
                    json.path("command").forEach(word -> command.add(word.asText()));
                    List<String> environment = new ArrayList<>();
                    json.path("environment").forEach(one -> environment.add(one.asText()));
                    yield new Exec(
                            host,
                            container,
                            command,
                            json.path("tty").asBoolean(),
                            json.path("stdin").asBoolean(),
                            text(json, "user"),
                            text(json, "directory"),
                            environment,
                            Optional.empty());
                }
                case "resume" ->
                    new Resume(
                            new SessionId(json.path("session").asText()),
                            observe,
                            json.has("from") ? Optional.of(json.path("from").asLong()) : Optional.empty());
                default -> throw Refused.unauthorized("The ticket opens nothing here.");
            };
        } catch (JsonProcessingException e) {
            throw Refused.unauthorized("The ticket opens nothing here.");
        }
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.hasNonNull(name) ? Optional.of(json.path(name).asText()) : Optional.empty();
    }

    /** The same with the terminal's size, which is nobody's right. */
    default Ask sized(Optional<Size> size) {
        return switch (this) {
            case Attach a -> new Attach(a.host(), a.container(), a.observe(), size);
            case Exec e ->
                new Exec(
                        e.host(),
                        e.container(),
                        e.command(),
                        e.tty(),
                        e.stdin(),
                        e.user(),
                        e.directory(),
                        e.environment(),
                        size);
            case Resume r -> r;
        };
    }
}
