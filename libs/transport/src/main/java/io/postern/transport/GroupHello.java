package io.postern.transport;

import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.security.SecureRandom;

/**
 * The answer to a hello that announces a group of connections, from an acceptor that takes exactly one: stock routers end a
 * control channel whose answer brings no group secret, even when they are told not to add connections. Fabric sheet 0.4.
 */
public final class GroupHello {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 16;

    private GroupHello() {}

    /** A group that is dialed again names the secret it was given, which stays; a new group gets a new one. */
    public static byte[] secret(PendingHello hello) {
        byte[] given = hello.headers().get(Header.GROUP_SECRET);
        if (given != null && given.length >= SECRET_BYTES) {
            return given;
        }
        byte[] fresh = new byte[SECRET_BYTES];
        RANDOM.nextBytes(fresh);
        return fresh;
    }

    /** Adds what a grouped hello expects; nothing when the hello is not grouped. */
    public static void answer(PendingHello hello, byte[] secret, FrameBuilder answer) {
        if (!hello.bool(Header.IS_GROUPED)) {
            return;
        }
        answer.bool(Header.IS_GROUPED, true).bytes(Header.GROUP_SECRET, secret);
        hello.string(Header.TYPE).ifPresent(type -> answer.string(Header.TYPE, type));
        // the group keeps the name it says; of a header written twice the last counts
        hello.string(Header.CONNECTION_ID)
                .filter(id -> !id.isEmpty())
                .ifPresent(id -> answer.string(Header.CONNECTION_ID, id));
    }
}
