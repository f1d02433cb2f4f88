package io.postern.wire;

/** Bytes that are no frame, or break a limit. It costs the peer that sent them its channel, nothing else. */
public final class MalformedFrame extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedFrame(String what) {
        super(what, null, false, false);
    }
}
