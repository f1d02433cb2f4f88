package io.postern.wsproxy.page;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the page, as it is sent. Read once: what is served cannot change under a running process.
 *
 * @param type media type
 * @param tag for {@code ETag}, quotes included; it names the content
 * @param plain the bytes
 * @param gzip the same, compressed
 */
record PageFile(String type, String tag, Buffer plain, Buffer gzip) {
    /** Reads it from among the classes. */
    static PageFile of(String name) {
        try (InputStream in = PageFile.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page's file " + name + " is missing; scripts/page-build makes it");
            }
            byte[] bytes = in.readAllBytes();
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
            return new PageFile(type(name), '"' + hash + '"', Buffer.buffer(bytes), Buffer.buffer(compressed(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "text/plain; charset=utf-8";
        };
    }

    /** Does a browser that has these tags have this content? */
    boolean isAmong(String tags) {
        return tags.strip().equals("*")
                || java.util.Arrays.stream(tags.split(",")).anyMatch(one -> {
                    String tag = one.strip();
                    return (tag.startsWith("W/") ? tag.substring(2) : tag).equals(this.tag);
                });
    }
}
