package io.postern.wsproxy.protocol;

import io.netty.buffer.ByteBuf;

/** Where a text was cut: how many bytes at its end are the beginning of a character. */
final class Utf8Tail {
    private Utf8Tail() {}

    /** @return 0 to 3 */
    static int length(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int most = Math.min(3, bytes.readableBytes());
        for (int back = 1; back <= most; back++) {
            int value = bytes.getUnsignedByte(end - back);
            if ((value & 0xC0) != 0x80) {
                return wanted(value) > back && possible(bytes, end - back, back) ? back : 0;
            }
        }
        return 0;
    }

    /** Length of a character that begins with this byte; 1 where none does. */
    private static int wanted(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 2;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 3;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
    }

    /** Second bytes that no character has: overlong forms, surrogates, beyond U+10FFFF. */
    private static boolean possible(ByteBuf bytes, int at, int there) {
        if (there < 2) {
            return true;
        }
        int lead = bytes.getUnsignedByte(at);
        int second = bytes.getUnsignedByte(at + 1);
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second <= 0x9F;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second <= 0x8F;
            default -> true;
        };
    }
}
