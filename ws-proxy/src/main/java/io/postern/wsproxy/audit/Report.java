package io.postern.wsproxy.audit;

import io.postern.wsproxy.access.Action;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerFacts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A happening in the words of the controller's {@code console-events}, and as a log line with the same words.
 *
 * @param fields by name, texts and numbers; a text is as long as the controller takes it
 * @param details what has no field of its own
 * @param unlogged likewise, and not for the log
 */
record Report(
        String id,
        Instant at,
        String type,
        Map<String, Object> fields,
        Map<String, Object> details,
        Map<String, Object> unlogged) {
    private static final int TEXT = 256;
    private static final int REASON = 1024;
    private static final int LONGEST_COMMAND = 4096;

    static Report of(Happening what, String id, Instant at) {
        Draft draft = new Draft();
        switch (what) {
            case Happening.LoggedIn it -> draft.type("login").who(it.who()).from(it.remoteAddress());
            case Happening.LoggedOut it -> draft.type("logout").who(it.who()).from(it.remoteAddress());
            case Happening.LoginRefused it ->
                draft.type("login.refused").field("identityName", it.username()).from(it.remoteAddress());
            case Happening.TicketIssued it ->
                draft.type("ticket.issued")
                        .who(it.who())
                        .field("action", it.purpose())
                        .field("host", it.host())
                        .field("container", it.container())
                        .from(it.remoteAddress());
            case Happening.TicketUsed it ->
                draft.type("ticket.used")
                        .who(it.who())
                        .field("action", it.purpose())
                        .from(it.remoteAddress());
            case Happening.Denied it -> denied(draft, it);
            case Happening.Opened it -> opened(draft, it);
            case Happening.Joined it ->
                draft.type("session.join")
                        .at(it.session(), it.who(), it.container())
                        .detail("observer", it.observer())
                        .detail("resumed", it.resumed());
            case Happening.Left it -> left(draft, it);
            case Happening.ConnectionLost it -> draft.type("session.lost").at(it.session(), it.who(), it.container());
            case Happening.Orphan it -> draft.type("exec.orphan").at(it.session(), it.who(), it.container());
            case Happening.Resized it ->
                draft.type("session.resize")
                        .at(it.session(), it.who(), it.container())
                        .detail("columns", it.columns())
                        .detail("rows", it.rows());
            case Happening.Closed it -> closed(draft, it);
            case Happening.Copied it -> copied(draft, it);
            case Happening.RecordingViewed it ->
                draft.type("recording.viewed")
                        .who(it.who())
                        .field("sessionId", it.session())
                        .field("action", Action.VIEW_RECORDING.word())
                        .field("host", it.host())
                        .field("container", it.container());
            case Happening.RecordingSealed it ->
                draft.type("recording.sealed")
                        .container(it.container())
                        .detail("who", cut(it.who(), TEXT))
                        .detail("recording", it.recording())
                        .detail("sha256", it.sha256());
            case Happening.Lost it -> draft.type("events.lost").detail("count", it.count());
        }
        return new Report(id, at, draft.type, draft.fields, draft.details, draft.unlogged);
    }

    private static void denied(Draft draft, Happening.Denied it) {
        draft.type("denied");
        it.who().ifPresent(draft::who);
        draft.field("action", it.action())
                .field("host", it.host())
                .field("container", it.container())
                .field("reason", it.reason())
                .from(it.remoteAddress());
    }

    private static void opened(Draft draft, Happening.Opened it) {
        draft.type("session.open")
                .at(it.session(), it.who(), it.container())
                .field("action", it.action().word())
                .detail("tty", it.tty())
                .detail("recorded", it.recorded());
        it.user().ifPresent(user -> draft.detail("user", cut(user, TEXT)));
        if (!it.command().isEmpty()) {
            draft.unlogged.put("command", cut(String.join(" ", it.command()), LONGEST_COMMAND));
        }
    }

    private static void left(Draft draft, Happening.Left it) {
        draft.type("session.leave")
                .at(it.session(), it.who(), it.container())
                .field("reason", it.reason())
                .number("bytesIn", it.bytesIn())
                .number("bytesOut", it.bytesOut())
                .number("durationMillis", it.duration().toMillis())
                .detail("observer", it.observer());
    }

    private static void closed(Draft draft, Happening.Closed it) {
        draft.type("session.close")
                .at(it.session(), it.who(), it.container())
                .field("action", it.action().word())
                .field("reason", it.reason())
                .number("bytesIn", it.bytesIn())
                .number("bytesOut", it.bytesOut())
                .number("durationMillis", it.duration().toMillis());
        it.exitCode().ifPresent(code -> draft.number("exitCode", code));
    }

    private static void copied(Draft draft, Happening.Copied it) {
        draft.type(it.action() == Action.COPY_IN ? "copy.in" : "copy.out")
                .who(it.who())
                .container(it.container())
                .field("action", it.action().word())
                .field("reason", it.outcome())
                .number(it.action() == Action.COPY_IN ? "bytesIn" : "bytesOut", it.bytes())
                .number("durationMillis", it.duration().toMillis())
                .detail("path", cut(it.path(), REASON));
    }

    /** {@code session.close sessionId=… identityName=… …}: one line, whatever is in the values. */
    String line() {
        StringBuilder line = new StringBuilder(type);
        fields.forEach((name, value) -> append(line, name, value));
        details.forEach((name, value) -> append(line, name, value));
        return line.toString();
    }

    private static void append(StringBuilder line, String name, Object value) {
        String text = String.valueOf(value);
        line.append(' ').append(name).append('=');
        boolean plain = text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=');
        if (plain && !text.isEmpty()) {
            line.append(text);
            return;
        }
        line.append('"');
        text.chars().forEach(c -> {
            if (c < ' '
                    || c == 0x7f
                    || c == '"'
                    || c == '\\'
                    || (c >= 0x80 && c < 0xa0)
                    || c == 0x2028
                    || c == 0x2029) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        line.append('"');
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    /** Collects the fields; empty texts are left out. */
    private static final class Draft {
        private String type = "";
        private final Map<String, Object> fields = new LinkedHashMap<>();
        private final Map<String, Object> details = new LinkedHashMap<>();
        private final Map<String, Object> unlogged = new LinkedHashMap<>();

        Draft type(String word) {
            type = word;
            return this;
        }

        Draft at(String session, Subject who, ContainerFacts container) {
            return field("sessionId", session).who(who).container(container);
        }

        Draft who(Subject who) {
            return field("identityId", who.identityId())
                    .field("identityName", who.name())
                    .field("apiSessionId", who.apiSessionId());
        }

        Draft container(ContainerFacts container) {
            return field("host", container.host().value())
                    .field("containerId", container.id())
                    .field("container", container.name())
                    .field("image", container.image());
        }

        Draft from(String remoteAddress) {
            return detail("remoteAddress", cut(remoteAddress, TEXT));
        }

        Draft field(String name, String value) {
            if (!value.isEmpty()) {
                fields.put(name, cut(value.replace("\0", "\uFFFD"), most(name)));
            }
            return this;
        }

        private static int most(String name) {
            return switch (name) {
                case "reason" -> REASON;
                case "image" -> 512;
                case "identityName", "host", "container" -> TEXT;
                default -> 64;
            };
        }

        Draft number(String name, long value) {
            fields.put(name, value);
            return this;
        }

        Draft detail(String name, Object value) {
            details.put(name, value instanceof String text ? text.replace("\0", "\uFFFD") : value);
            return this;
        }
    }
}
