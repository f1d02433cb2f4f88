package io.postern.conformance.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Both sides of the in-band protocol: modes E, H, R and, for dialers, S (E, paced). */
final class Talk {
    /** Bounds one write and sizes every read: the 2021 reader loses what exceeds it. */
    private static final int CHUNK = 32 * 1024;

    private Talk() {}

    /** One connection with blocking reads and writes. Reads and writes may come from two threads. */
    static final class Line {
        private final AsynchronousSocketChannel channel;
        private final ByteBuffer pending = ByteBuffer.allocate(CHUNK).flip();

        Line(AsynchronousSocketChannel channel) {
            this.channel = channel;
        }

        /** The number of bytes read, -1 at the end of data. */
        int read(byte[] into, int length, long seconds) throws IOException, TimeoutException {
            if (!pending.hasRemaining()) {
                pending.clear();
                int n = await(channel.read(pending), seconds);
                pending.flip();
                if (n < 0) {
                    pending.position(pending.limit());
                    return -1;
                }
            }
            int n = Math.min(length, pending.remaining());
            pending.get(into, 0, n);
            return n;
        }

        void write(byte[] bytes, int length) throws IOException, TimeoutException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            while (buffer.hasRemaining()) {
                await(channel.write(buffer), 60);
            }
        }

        void end() throws IOException {
            channel.shutdownOutput();
        }

        private static <T> T await(java.util.concurrent.Future<T> future, long seconds)
                throws IOException, TimeoutException {
            try {
                return future.get(seconds, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new IOException(Client.text(e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                Client.say("close " + e);
            }
        }
    }

    static void serve(String name, Line line) {
        char mode = '?';
        try {
            byte[] header = new byte[16];
            fill(line, header, header.length);
            String text = new String(header, StandardCharsets.US_ASCII);
            mode = text.charAt(0);
            long size = Long.parseLong(text.substring(1).strip());
            String outcome =
                    switch (mode) {
                        case 'E' -> serveEcho(line, size);
                        case 'H' -> serveHalfClosed(line);
                        case 'R' -> serveSource(line, size);
                        default -> throw new IOException("mode unknown");
                    };
            Client.say("RESULT host service=" + name + " ok mode=" + mode + " bytes=" + size + " " + outcome);
        } catch (IOException | TimeoutException | RuntimeException e) {
            Client.say("RESULT host service=" + name + " failed mode=" + mode + " " + Client.text(e));
        } finally {
            line.close();
        }
    }

    private static String serveEcho(Line line, long size) throws IOException, TimeoutException {
        MessageDigest sum = sha256();
        byte[] buffer = new byte[CHUNK];
        for (long done = 0; done < size; ) {
            int n = line.read(buffer, (int) Math.min(CHUNK, size - done), 120);
            if (n < 0) {
                throw new EOFException("end of data after " + done + " bytes");
            }
            sum.update(buffer, 0, n);
            line.write(buffer, n);
            done += n;
        }
        return "sha256=" + hex(sum) + " eof=" + awaitEnd(line, 20);
    }

    private static String serveHalfClosed(Line line) throws IOException, TimeoutException {
        Counted counted = drain(line);
        byte[] answer = counted.answer().getBytes(StandardCharsets.US_ASCII);
        line.write(answer, answer.length);
        return "sha256=" + counted.sha256() + " eof=yes";
    }

    private static String serveSource(Line line, long size) throws IOException, TimeoutException {
        String sum = send(line, size);
        line.end();
        String want = new Counted(size, sum).answer();
        byte[] answer = new byte[want.length()];
        fill(line, answer, answer.length);
        expect(want, new String(answer, StandardCharsets.US_ASCII));
        return "sha256=" + sum;
    }

    static String dial(Line line, char mode, long size) throws IOException, TimeoutException {
        char letter = mode == 'S' ? 'E' : mode;
        byte[] header = String.format(Locale.ROOT, "%s%15d", letter, size).getBytes(StandardCharsets.US_ASCII);
        line.write(header, header.length);
        return switch (mode) {
            case 'E' -> dialEcho(line, size);
            case 'S' -> dialPaced(line, size);
            case 'H' -> dialHalfClosed(line, size);
            case 'R' -> dialSink(line, size);
            default -> throw new IOException("mode unknown");
        };
    }

    private static String dialEcho(Line line, long size) throws IOException, TimeoutException {
        CompletableFuture<String> sent = new CompletableFuture<>();
        Client.start("sender", () -> {
            try {
                sent.complete(send(line, size));
            } catch (IOException | TimeoutException | RuntimeException e) {
                sent.completeExceptionally(e);
            }
        });
        MessageDigest back = sha256();
        byte[] buffer = new byte[CHUNK];
        for (long done = 0; done < size; ) {
            int n = line.read(buffer, (int) Math.min(CHUNK, size - done), 60);
            if (n < 0) {
                throw new EOFException("echo ended after " + done + " of " + size + " bytes");
            }
            back.update(buffer, 0, n);
            done += n;
        }
        String sum = Line.await(sent, 60);
        expect(sum, hex(back));
        return "sha256=" + sum;
    }

    private static String dialPaced(Line line, long size) throws IOException, TimeoutException {
        byte[] out = new byte[1024];
        byte[] in = new byte[1024];
        SplittableRandom random = new SplittableRandom();
        long began = System.nanoTime();
        long slowest = 0;
        for (long done = 0; done < size; done += out.length) {
            random.nextBytes(out);
            long round = System.nanoTime();
            try {
                line.write(out, out.length);
                fill(line, in, in.length);
            } catch (IOException | TimeoutException e) {
                throw new IOException("after " + done + " bytes " + (System.nanoTime() - began) / 1_000_000 + " ms: "
                        + Client.text(e));
            }
            if (!java.util.Arrays.equals(out, in)) {
                throw new IOException("echo differs after " + done + " bytes");
            }
            slowest = Math.max(slowest, System.nanoTime() - round);
            Client.say("TICK " + (done + out.length));
            pause(100);
        }
        return String.format(Locale.ROOT, "slowest=%.3f", slowest / 1e9);
    }

    private static String dialHalfClosed(Line line, long size) throws IOException, TimeoutException {
        String sum = send(line, size);
        line.end();
        String want = new Counted(size, sum).answer();
        byte[] answer = new byte[want.length()];
        fill(line, answer, answer.length);
        expect(want, new String(answer, StandardCharsets.US_ASCII));
        return "sha256=" + sum + " eof=" + awaitEnd(line, Client.envSeconds("LANE_EOF_WAIT", 10));
    }

    private static String dialSink(Line line, long size) throws IOException, TimeoutException {
        Counted counted = drain(line);
        if (counted.count() != size) {
            throw new EOFException("end of data after " + counted.count() + " of " + size + " bytes");
        }
        byte[] answer = counted.answer().getBytes(StandardCharsets.US_ASCII);
        line.write(answer, answer.length);
        return "sha256=" + counted.sha256() + " eof=yes";
    }

    private static String send(Line line, long size) throws IOException, TimeoutException {
        MessageDigest sum = sha256();
        SplittableRandom random = new SplittableRandom();
        byte[] buffer = new byte[CHUNK];
        for (long done = 0; done < size; ) {
            int n = (int) Math.min(CHUNK, size - done);
            random.nextBytes(buffer);
            sum.update(buffer, 0, n);
            line.write(buffer, n);
            done += n;
        }
        return hex(sum);
    }

    private static Counted drain(Line line) throws IOException, TimeoutException {
        MessageDigest sum = sha256();
        byte[] buffer = new byte[CHUNK];
        long count = 0;
        for (int n = line.read(buffer, CHUNK, 60); n >= 0; n = line.read(buffer, CHUNK, 60)) {
            sum.update(buffer, 0, n);
            count += n;
        }
        return new Counted(count, hex(sum));
    }

    private static void fill(Line line, byte[] into, int length) throws IOException, TimeoutException {
        byte[] buffer = new byte[length];
        for (int done = 0; done < length; ) {
            int n = line.read(buffer, length - done, 60);
            if (n < 0) {
                throw new EOFException("end of data after " + done + " of " + length + " bytes");
            }
            System.arraycopy(buffer, 0, into, done, n);
            done += n;
        }
    }

    private static String awaitEnd(Line line, int seconds) {
        try {
            return line.read(new byte[1], 1, seconds) < 0 ? "yes" : "surplus";
        } catch (TimeoutException e) {
            return "no";
        } catch (IOException e) {
            return "error";
        }
    }

    private static void expect(String want, String got) throws IOException {
        if (!want.equals(got)) {
            throw new IOException("expected " + want.strip() + ", got " + got.strip());
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static String hex(MessageDigest sum) {
        return HexFormat.of().formatHex(sum.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Counted(long count, String sha256) {
        String answer() {
            return count + " " + sha256 + "\n";
        }
    }
}
