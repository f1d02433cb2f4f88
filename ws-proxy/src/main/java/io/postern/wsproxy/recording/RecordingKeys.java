package io.postern.wsproxy.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys under which recordings are sealed: the first seals what begins, all of them open. None: recordings are clear. */
public final class RecordingKeys {
    /** No recording is sealed, and none that is can be read. */
    public static final RecordingKeys NONE = new RecordingKeys(List.of());

    private static final int LENGTH = 32;

    private final List<Key> keys;

    private RecordingKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** One key; its name stands in the files that it sealed and tells nothing of it. */
    static final class Key {
        private final byte[] secret;

        private Key(byte[] secret) {
            this.secret = secret;
        }

        byte[] name() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update("postern recording key".getBytes(StandardCharsets.US_ASCII));
                return Arrays.copyOf(digest.digest(secret), SealedFormat.NAME);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK has no SHA-256", e);
            }
        }

        /** A file's own key, so that nonces may begin anew in each. */
        SecretKeySpec of(RecordingId id, byte[] salt) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                mac.update(salt);
                mac.update(id.value().getBytes(StandardCharsets.US_ASCII));
                return new SecretKeySpec(mac.doFinal(), "AES");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK has no HMAC-SHA-256", e);
            }
        }

        @Override
        public String toString() {
            return "Key[" + HexFormat.of().formatHex(name()) + "]";
        }
    }

    /** @param files each holds 64 hexadecimal digits @throws IOException with a text that is fit for people and has no secret */
    public static RecordingKeys read(List<Path> files) throws IOException {
        List<Key> keys = new ArrayList<>();
        for (Path file : files) {
            String text;
            try {
                text = Files.readString(file, StandardCharsets.US_ASCII).strip();
            } catch (IOException e) {
                throw new IOException("The key of recordings " + file + " cannot be read.", e);
            }
            if (!text.matches("[0-9a-fA-F]{" + 2 * LENGTH + "}")) {
                throw new IOException("The key of recordings " + file
                        + " is not 64 hexadecimal digits; make one with: openssl rand -hex 32");
            }
            keys.add(new Key(HexFormat.of().parseHex(text)));
        }
        return new RecordingKeys(keys);
    }

    /** The one that seals. */
    Optional<Key> sealing() {
        return keys.stream().findFirst();
    }

    Optional<Key> named(byte[] name) {
        return keys.stream().filter(key -> Arrays.equals(key.name(), name)).findFirst();
    }

    @Override
    public String toString() {
        return keys.toString();
    }
}
