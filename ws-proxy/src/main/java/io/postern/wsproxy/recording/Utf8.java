package io.postern.wsproxy.recording;

import java.nio.ByteBuffer;

/** Where characters beyond ASCII end (Unicode 3.9, table 3-7). */
final class Utf8 {
    private Utf8() {}

    /**
     * Looks at a byte that is no ASCII.
     *
     * @return bytes of the character that begins there; 0 when the buffer ends within it; less than 0 where none is: how many
     *     bytes the platform's decoder takes for one mistake
     */
    static int size(ByteBuffer in, int at) {
        int lead = in.get(at) & 0xFF;
        int size = lead < 0xC2 || lead > 0xF4 ? -1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        for (int i = 1; i < size; i++) {
            if (at + i >= in.limit()) {
                return 0;
            }
            int next = in.get(at + i) & 0xFF;
            if ((next & 0xC0) != 0x80 || i == 1 && !mayFollow(lead, next)) {
                return -i;
            }
        }
        return isSurrogate(lead, in, at) ? -3 : size;
    }

    /** Not in an overlong form, nor beyond U+10FFFF. */
    private static boolean mayFollow(int lead, int second) {
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
    }

    private static boolean isSurrogate(int lead, ByteBuffer in, int at) {
        return lead == 0xED && (in.get(at + 1) & 0xFF) >= 0xA0;
    }
}
