package io.postern.wsproxy.engine;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The head of an HTTP/1.1 answer; header names in lower case. */
record ResponseHead(int status, Map<String, List<String>> headers) {
    /** A head may have this many bytes. */
    static final int LARGEST = 32 * 1024;

    ResponseHead {
        headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getLast);
    }

    /** Finds the head at the begin of a byte stream, however it is cut. */
    static final class Reader {
        private final StringBuilder text = new StringBuilder(256);

        /**
         * Takes the head's bytes and leaves what follows.
         *
         * @return null while more is needed
         * @throws MalformedAnswer when it is none
         */
        @Nullable
        ResponseHead feed(ByteBuf in) {
            while (in.isReadable()) {
                text.append((char) (in.readByte() & 0xFF));
                int length = text.length();
                if (length > LARGEST) {
                    throw new MalformedAnswer("its head exceeds " + LARGEST + " bytes");
                }
                if (text.charAt(length - 1) == '\n' && endsHead(length)) {
                    return parse(text.toString());
                }
            }
            return null;
        }

        private boolean endsHead(int length) {
            return length >= 4 && text.charAt(length - 2) == '\r' && text.charAt(length - 3) == '\n'
                    || length >= 2 && text.charAt(length - 2) == '\n';
        }
    }

    private static ResponseHead parse(String text) {
        String[] lines = text.split("\r?\n");
        String[] first = lines[0].split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-9][0-9]{2}")) {
            throw new MalformedAnswer("its first line is not HTTP/1.1");
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new MalformedAnswer("a header line has no name");
            }
            headers.computeIfAbsent(
                            lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return new ResponseHead(Integer.parseInt(first[1]), headers);
    }

    /** Bytes for a request; the target and headers must not break out of their lines. */
    static byte[] request(String method, String target, List<String> headers) {
        StringBuilder head =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (target.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)
                || headers.stream().anyMatch(header -> header.chars().anyMatch(c -> c < ' '))) {
            throw new IllegalArgumentException("a request line or header has a character that it may not have");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
