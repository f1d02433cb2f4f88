package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where the database's constraints become refusals. A constraint's name is a sentence, {@code
 * <kind>.<field> must be unique}, and that is all the caller needs to know. Hibernate Reactive hands on the server's
 * message and state, nothing else of it.
 */
final class DatabaseRefusals {
    private static final String UNIQUE = "23505";
    private static final String FOREIGN_KEY = "23503";
    private static final String CHECK = "23514";
    private static final Pattern CONSTRAINT = Pattern.compile("constraint \"([^\"]+)\"(?: on table \"([^\"]+)\")?");

    private DatabaseRefusals() {}

    /** The refusal that a failure stands for, or the failure itself. */
    static Throwable translate(Throwable failure) {
        Told database = find(failure);
        if (database == null) {
            return failure;
        }
        String state = String.valueOf(database.state());
        String message = String.valueOf(database.message());
        Matcher constraint = CONSTRAINT.matcher(message);
        if (!constraint.find()) {
            return state.startsWith("22")
                    ? Refusal.of(ErrorCode.COULD_NOT_VALIDATE, "a value cannot be stored")
                    : failure;
        }
        if (state.equals(FOREIGN_KEY) && message.contains("update or delete on table")) {
            return Refusal.of(
                    ErrorCode.CAN_NOT_DELETE_REFERENCED_ENTITY, "it is in use by a row of " + constraint.group(2));
        }
        boolean told = state.equals(UNIQUE) || state.equals(FOREIGN_KEY) || state.equals(CHECK);
        return told ? sentence(constraint.group(1)) : failure;
    }

    private static Refusal sentence(String constraint) {
        int must = constraint.indexOf(" must ");
        if (must < 0) {
            return Refusal.of(ErrorCode.COULD_NOT_VALIDATE, constraint);
        }
        String field = constraint.substring(constraint.indexOf('.') + 1, must);
        return Refusal.field(field, field + constraint.substring(must), null);
    }

    /** What the server told, by way of the persistence session or of the driver itself. */
    private record Told(@Nullable String state, @Nullable String message) {}

    private static @Nullable Told find(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof SQLException database) {
                return new Told(database.getSQLState(), database.getMessage());
            }
            if (cause instanceof PgException database) {
                return new Told(database.getSqlState(), database.getErrorMessage());
            }
            cause = cause.getCause();
        }
        return null;
    }
}
