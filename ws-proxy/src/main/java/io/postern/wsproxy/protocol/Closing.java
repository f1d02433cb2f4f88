package io.postern.wsproxy.protocol;

import io.postern.wsproxy.hub.Viewer.End;

/**
 * An end as WebSocket close: code, a word for programs and a sentence for people. Only codes that clients may see are here.
 *
 * @param word part of {@code console.postern.v1}
 */
record Closing(int code, String word, String sentence, boolean resumable) {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int NOT_ACCEPTABLE = 1003;
    static final int POLICY = 1008;
    static final int TOO_BIG = 1009;
    static final int BROKEN = 1011;
    static final int TRY_AGAIN = 1013;

    /** Bytes of a reason that a close frame has room for. */
    private static final int REASON = 123;

    static Closing of(End end) {
        return switch (end) {
            case End.Exit exit ->
                new Closing(NORMAL, "exit", "The process ended with code " + exit.code() + ".", false);
            case End.Detached detached -> new Closing(NORMAL, "detached", "Detached; the container goes on.", false);
            case End.Expelled expelled -> new Closing(POLICY, "expelled", expelled.reason(), false);
            case End.Draining draining ->
                new Closing(GOING_AWAY, "draining", "The proxy is being stopped; connect again.", draining.resumable());
            case End.TooSlow slow ->
                new Closing(TRY_AGAIN, "tooSlow", "The connection is too slow for what is printed.", false);
            case End.Broken broken -> new Closing(BROKEN, "broken", broken.reason(), false);
        };
    }

    /** What fits into a close frame, in whole characters. */
    static String shortened(String reason) {
        StringBuilder kept = new StringBuilder();
        int bytes = 0;
        for (int point : reason.codePoints().toArray()) {
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > REASON) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.toString();
    }
}
