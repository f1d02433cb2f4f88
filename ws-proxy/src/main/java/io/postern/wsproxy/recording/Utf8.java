package io.postern.wsproxy.recording;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Makes text of bytes that come in pieces: a character that is cut waits for its rest, what is none becomes U+FFFD. */
final class Utf8 {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer rest = ByteBuffer.allocate(8);

    String add(ByteBuffer bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.remaining() + rest.position() + 8);
        while (rest.position() > 0 && bytes.hasRemaining()) {
            rest.put(bytes.get()).flip();
            decoder.decode(rest, text, false);
            rest.compact();
        }
        decoder.decode(bytes, text, false);
        rest.put(bytes);
        return text.flip().toString();
    }

    /** Nothing more comes. */
    String end() {
        String last = rest.position() > 0 ? "\uFFFD" : "";
        rest.clear();
        return last;
    }
}
