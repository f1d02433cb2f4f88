package io.postern.transport;

/** The Channel ended, or had ended, before the answer came. */
public final class ChannelClosed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ChannelClosed(String text) {
        super(text, null, false, false);
    }
}
