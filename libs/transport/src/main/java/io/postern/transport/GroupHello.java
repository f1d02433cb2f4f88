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

    /** Adds what a grouped hello expects; nothing when the hello is not grouped. */
    public static void answer(PendingHello hello, FrameBuilder answer) {
        if (!hello.bool(Header.IS_GROUPED)) {
            return;
        }
        byte[] secret = hello.headers().get(Header.GROUP_SECRET);
        if (secret == null || secret.length < SECRET_BYTES) {
            secret = new byte[SECRET_BYTES];
            RANDOM.nextBytes(secret);
        }
        answer.bool(Header.IS_GROUPED, true).bytes(Header.GROUP_SECRET, secret);
        hello.string(Header.TYPE).ifPresent(type -> answer.string(Header.TYPE, type));
    }
}
