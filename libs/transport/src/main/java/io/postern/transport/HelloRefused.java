package io.postern.transport;

/** The peer answered our hello with a refusal; its text is safe to show. Redialling with the same hello is of no use. */
public final class HelloRefused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int rejectClass;

    public HelloRefused(String text, int rejectClass) {
        super(text, null, false, false);
        this.rejectClass = rejectClass;
    }

    /** One of the constants of {@link HelloAnswer.Reject}. */
    public int rejectClass() {
        return rejectClass;
    }
}
