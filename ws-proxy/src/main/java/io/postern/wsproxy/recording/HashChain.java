package io.postern.wsproxy.recording;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hashes in a recording's comment lines: each is SHA-256 over the hash before and all bytes since. Whoever changes,
 * drops or adds a line before the last hash has to change every hash behind it, and the last one is in the log.
 */
final class HashChain {
    private static final String LINK = "# sha256 ";
    private static final String LAST = "# end sha256 ";

    private final MessageDigest digest = sha256();
    private byte[] before = new byte[32];

    /** What a look at a file finds. @param whole did it end as a recording does? */
    record Verdict(boolean intact, boolean whole, String last) {}

    HashChain() {
        digest.update(before);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void add(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** The line to write now; it is itself part of what the next one covers. */
    String link(boolean last) {
        before = digest.digest();
        String line = (last ? LAST : LINK) + HexFormat.of().formatHex(before) + "\n";
        digest.update(before);
        digest.update(line.getBytes(StandardCharsets.US_ASCII));
        return line;
    }

    String value() {
        return HexFormat.of().formatHex(before);
    }

    static Verdict check(InputStream file) throws IOException {
        HashChain chain = new HashChain();
        BufferedInputStream in = new BufferedInputStream(file, 64 * 1024);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean whole = false;
        boolean loose = false;
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next != '\n') {
                continue;
            }
            byte[] bytes = line.toByteArray();
            line.reset();
            boolean last = begins(bytes, LAST);
            if (whole) {
                return new Verdict(false, true, chain.value()); // something stands behind the end
            }
            if (last || begins(bytes, LINK)) {
                if (!chain.link(last).equals(new String(bytes, StandardCharsets.US_ASCII))) {
                    return new Verdict(false, false, chain.value());
                }
                whole = last;
                loose = false;
            } else {
                chain.add(bytes, 0, bytes.length);
                loose = true;
            }
        }
        return new Verdict(true, whole && !loose && line.size() == 0, chain.value());
    }

    private static boolean begins(byte[] line, String with) {
        return line.length > with.length()
                && new String(line, 0, with.length(), StandardCharsets.US_ASCII).equals(with);
    }
}
