package io.postern.controller.kernel;

import io.postern.api.ErrorCode;
import io.postern.api.Refusal;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where the database's constraints become refusals. A constraint's name is a sentence, {@code
 * <kind>.<field> must be unique}, and that is all the caller needs to know.
 */
final class DatabaseRefusals {
    private static final String UNIQUE = "23505";
    private static final String FOREIGN_KEY = "23503";
    private static final String CHECK = "23514";

    private DatabaseRefusals() {}

    /** The refusal that a failure stands for, or the failure itself. */
    static Throwable translate(Throwable failure) {
        PgException database = find(failure);
        if (database == null) {
            return failure;
        }
        String state = database.getSqlState();
        String constraint = database.getConstraint();
        if (FOREIGN_KEY.equals(state)
                && database.getDetail() != null
                && database.getDetail().contains("still referenced")) {
            return Refusal.of(
                    ErrorCode.CAN_NOT_DELETE_REFERENCED_ENTITY, "it is in use by a row of " + database.getTable());
        }
        if (constraint != null && (UNIQUE.equals(state) || FOREIGN_KEY.equals(state) || CHECK.equals(state))) {
            return sentence(constraint, database.getDetail());
        }
        return state != null && state.startsWith("22")
                ? Refusal.of(ErrorCode.COULD_NOT_VALIDATE, "a value cannot be stored")
                : failure;
    }

    private static Refusal sentence(String constraint, @Nullable String detail) {
        int must = constraint.indexOf(" must ");
        if (must < 0) {
            return Refusal.of(ErrorCode.COULD_NOT_VALIDATE, constraint);
        }
        String field = constraint.substring(constraint.indexOf('.') + 1, must);
        return Refusal.field(field, field + constraint.substring(must), value(detail));
    }

    /** Reads {@code Key (name)=(x) already exists.}; several columns tell no single value. */
    private static @Nullable String value(@Nullable String detail) {
        if (detail == null) {
            return null;
        }
        int from = detail.indexOf(")=(");
        int to = detail.lastIndexOf(')');
        return from < 0 || to < from + 3 || detail.substring(0, from).contains(",")
                ? null
                : detail.substring(from + 3, to);
    }

    private static @Nullable PgException find(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof PgException database) {
                return database;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
