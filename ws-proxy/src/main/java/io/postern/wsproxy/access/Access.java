package io.postern.wsproxy.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The controller's word on tokens, tickets and rights. Any thread; stages complete on any thread. */
public interface Access {
    /**
     * Checks a token: signature, issuer, audience, life, the client certificate it is bound to, and that its API Session
     * still lasts. Fails with {@link AccessRefused}.
     *
     * @param chain the certificates that the client presented, its own first; empty for none
     */
    CompletionStage<Subject> authenticate(String token, List<X509Certificate> chain);

    /** The subject's rights, at most two seconds old. Fails with {@link AccessRefused} when its API Session ended. */
    CompletionStage<Rights> rights(Subject subject);

    /**
     * This API Session was ended through this proxy: nothing that was heard of it before is believed any more, whether the
     * change feed has told it already or not.
     */
    void ended(Subject subject);

    /**
     * Calls back with the identities whose rights or API Sessions may have changed since, within a second of the change; an
     * empty set means anybody's. Called on any thread, never at the same time twice.
     */
    void onChange(Consumer<Set<String>> listener);

    /**
     * Makes a ticket: 256 random bits, good once, for at most 60 seconds, for this subject and what is said here. Only its
     * hash is kept.
     */
    CompletionStage<String> ticket(Subject subject, TicketFor what);

    /** Takes a ticket for good and says what it was made for. Fails with {@link AccessRefused} when it is not, or no more, one. */
    CompletionStage<Redeemed> redeem(String ticket);

    /** What a ticket opens; JSON of the front's own making, at most 16 KiB. */
    record TicketFor(String json) {}

    /** A ticket's maker and purpose. */
    record Redeemed(Subject subject, TicketFor what) {}
}
