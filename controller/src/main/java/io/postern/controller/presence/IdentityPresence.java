package io.postern.controller.presence;

/** Which identities have a channel to an edge router now. Answers from memory; any thread. */
public interface IdentityPresence {
    boolean isConnected(String identityId);
}
