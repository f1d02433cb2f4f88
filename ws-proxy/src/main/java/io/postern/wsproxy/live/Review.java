package io.postern.wsproxy.live;

import io.postern.wsproxy.access.Confirmations.Confirmation;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.hub.Consoles.Present;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides whom to ask about and whom to send away. A seat is asked about when it is new, when something changed that concerns
 * it, and now and then. Not thread-safe; knows no controller and no clock.
 */
final class Review {
    private final Duration every;
    private final Duration unconfirmed;
    private final Function<Subject, Instant> tokenEnd;
    private final Map<String, Looked> sessions = new HashMap<>();
    private boolean everybody;
    private final Set<String> concerned = new HashSet<>();

    /**
     * What is known of one API Session.
     *
     * @param confirmed when its rights were last confirmed, or when it was first seen
     * @param asked when it was last asked about
     * @param seats those whose rights were looked at
     */
    private record Looked(Instant confirmed, Instant asked, Set<Present> seats) {}

    /**
     * @param every how often to ask though nothing changed
     * @param unconfirmed how long seats are kept when nobody can be asked
     * @param tokenEnd when the token ends that a subject is here by
     */
    Review(Duration every, Duration unconfirmed, Function<Subject, Instant> tokenEnd) {
        this.every = every;
        this.unconfirmed = unconfirmed;
        this.tokenEnd = tokenEnd;
    }

    /** @param ids of identities and API Sessions; empty is everybody */
    void changed(Set<String> ids) {
        everybody |= ids.isEmpty();
        concerned.addAll(ids);
    }

    /** API Sessions to ask about now, and from then on in the hands of who asks. */
    Set<String> due(Collection<Present> present, Instant now) {
        Map<String, Set<Present>> bySession = new LinkedHashMap<>();
        present.forEach(seat -> bySession
                .computeIfAbsent(seat.who().apiSessionId(), id -> new HashSet<>())
                .add(seat));
        sessions.keySet().retainAll(bySession.keySet());
        Set<String> due = new HashSet<>();
        bySession.forEach((id, seats) -> {
            Looked looked = sessions.get(id);
            boolean isDue = looked == null
                    || everybody
                    || concerned.contains(id)
                    || seats.stream()
                            .anyMatch(seat -> concerned.contains(seat.who().identityId()))
                    || !looked.seats().containsAll(seats)
                    || !now.isBefore(looked.asked().plus(every));
            if (isDue) {
                due.add(id);
                sessions.put(id, new Looked(looked == null ? now : looked.confirmed(), now, Set.copyOf(seats)));
            }
        });
        everybody = false;
        concerned.clear();
        return due;
    }

    /**
     * Whom to send away, and why, after the answers about some API Sessions.
     *
     * @param answers empty when nobody could be asked
     */
    Map<Present, String> sentAway(
            Collection<Present> present, Set<String> asked, Optional<Map<String, Confirmation>> answers, Instant now) {
        Map<Present, String> away = new LinkedHashMap<>();
        if (answers.isPresent()) {
            asked.forEach(id ->
                    sessions.computeIfPresent(id, (same, looked) -> new Looked(now, looked.asked(), looked.seats())));
        } else {
            // what could not be asked about is asked about again at once
            asked.forEach(id -> sessions.computeIfPresent(
                    id, (same, looked) -> new Looked(looked.confirmed(), Instant.MIN.plus(every), Set.of())));
        }
        for (Present seat : present) {
            expired(seat, now)
                    .or(() -> answers.flatMap(all -> verdict(seat, all)))
                    .or(() -> tooLongUnconfirmed(seat, now))
                    .ifPresent(reason -> away.put(seat, reason));
        }
        return away;
    }

    private Optional<String> expired(Present seat, Instant now) {
        return now.isBefore(tokenEnd.apply(seat.who())) ? Optional.empty() : Optional.of("the token has expired");
    }

    private static Optional<String> verdict(Present seat, Map<String, Confirmation> answers) {
        return switch (answers.get(seat.who().apiSessionId())) {
            case null -> Optional.empty();
            case Confirmation.Ended(String reason) -> Optional.of(reason);
            case Confirmation.Lasts(String identityId, var rights) ->
                identityId.equals(seat.who().identityId()) && SeatRight.holds(rights, seat)
                        ? Optional.empty()
                        : Optional.of("the right was taken away");
        };
    }

    private Optional<String> tooLongUnconfirmed(Present seat, Instant now) {
        Looked looked = sessions.get(seat.who().apiSessionId());
        return looked != null
                        && now.isAfter(looked.confirmed().plus(unconfirmed).plus(every))
                ? Optional.of("its right could not be confirmed for too long, since the controller does not answer")
                : Optional.empty();
    }

    /** For tests: the API Sessions that are kept in mind. */
    List<String> known() {
        return List.copyOf(sessions.keySet());
    }
}
