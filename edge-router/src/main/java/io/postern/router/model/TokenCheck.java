package io.postern.router.model;

/** What became of a token. */
public sealed interface TokenCheck<T> {
    record Valid<T>(T claims) implements TokenCheck<T> {}

    /** The text may be shown to the peer; it holds nothing of the token. */
    record Refused<T>(String why) implements TokenCheck<T> {}
}
