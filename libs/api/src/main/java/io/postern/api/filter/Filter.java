package io.postern.api.filter;

import java.time.Instant;
import java.util.List;

/** A parsed list filter. */
public sealed interface Filter {
    Filter ALL = new Constant(true);

    record Constant(boolean value) implements Filter {}

    record And(Filter left, Filter right) implements Filter {}

    record Or(Filter left, Filter right) implements Filter {}

    record Not(Filter inner) implements Filter {}

    /** A bare symbol that holds true or false. */
    record Truth(Subject subject) implements Filter {}

    record Compare(Subject subject, Op op, Literal value) implements Filter {}

    record In(Subject subject, List<Literal> values) implements Filter {}

    /** From {@code low} inclusive to {@code high} exclusive. */
    record Between(Subject subject, Literal low, Literal high) implements Filter {}

    /** The set has no element that {@code where} admits; {@code where} is {@link #ALL} for the plain form. */
    record Empty(String set, Filter where) implements Filter {}

    /** What stands left of an operator. */
    sealed interface Subject {
        String symbol();

        /** A symbol as it is; for a set it means any of its elements. */
        record Plain(String symbol) implements Subject {}

        record AnyOf(String symbol) implements Subject {}

        record AllOf(String symbol) implements Subject {}

        /** The number of elements, of those that {@code where} admits. */
        record Count(String symbol, Filter where) implements Subject {}
    }

    enum Op {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE,
        CONTAINS,
        ICONTAINS
    }

    /** What stands right of an operator. */
    sealed interface Literal {
        record Text(String value) implements Literal {}

        record Whole(long value) implements Literal {}

        record Real(double value) implements Literal {}

        record Bool(boolean value) implements Literal {}

        record Time(Instant value) implements Literal {}

        record Null() implements Literal {}
    }
}
