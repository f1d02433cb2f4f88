package io.postern.pki;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Password hashes: Argon2id in the usual text form {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}. One hash takes about 20 MB
 * and tens of milliseconds, so callers keep it off event loops and bound how many run at once.
 */
public final class Passwords {
    private static final int MEMORY_KB = 19 * 1024;
    private static final int ROUNDS = 2;
    private static final int SALT = 16;
    private static final int LENGTH = 32;
    /** Longest password that is hashed. */
    private static final int MAX_CHARACTERS = 1024;

    private static final Pattern FORM =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=1\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final char[] READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789".toCharArray();

    private Passwords() {}

    /** Hashes with a salt of its own. @throws PkiException for more than 1024 characters */
    public static String hash(String password) {
        byte[] salt = random(SALT);
        return text(salt, argon2(password, salt, MEMORY_KB, ROUNDS));
    }

    /** The hash of no password that anybody knows. To verify a password against it takes as long as against any other. */
    public static String hashOfNone() {
        return text(random(SALT), random(LENGTH));
    }

    private static String text(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KB + ",t=" + ROUNDS + ",p=1$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** False as well for a hash of another form. Takes the same time whatever differs. */
    public static boolean verify(String password, String hash) {
        Matcher form = FORM.matcher(hash);
        if (!form.matches() || password.length() > MAX_CHARACTERS) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(form.group(3));
        byte[] wanted = Base64.getDecoder().decode(form.group(4));
        byte[] found = argon2(password, salt, Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
        return MessageDigest.isEqual(wanted, found);
    }

    /** A random password that people can read and type, about 117 bits. */
    public static String generate() {
        var text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            text.append(READABLE[RANDOM.nextInt(READABLE.length)]);
        }
        return text.toString();
    }

    private static byte[] argon2(String password, byte[] salt, int memoryKb, int rounds) {
        if (password.length() > MAX_CHARACTERS) {
            throw new PkiException("password is longer than " + MAX_CHARACTERS + " characters");
        }
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKb)
                .withIterations(rounds)
                .withParallelism(1)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[LENGTH];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
