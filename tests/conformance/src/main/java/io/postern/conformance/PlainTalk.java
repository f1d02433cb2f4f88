package io.postern.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** The clients' in-band protocol (modes E and H) over plain sockets: a server, and a dialer's side. */
final class PlainTalk implements AutoCloseable {
    private static final int HEAD = 16;
    private static final int PIECE = 32 * 1024;

    private final ServerSocketChannel port;

    private PlainTalk(ServerSocketChannel port) {
        this.port = port;
        Thread.ofVirtual().name("plain-talk").start(this::accept);
    }

    static PlainTalk tcp() throws IOException {
        ServerSocketChannel port = ServerSocketChannel.open();
        port.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        return new PlainTalk(port);
    }

    static PlainTalk unix(Path socket) throws IOException {
        ServerSocketChannel port = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        port.bind(UnixDomainSocketAddress.of(socket));
        return new PlainTalk(port);
    }

    int port() throws IOException {
        SocketAddress address = port.getLocalAddress();
        return ((InetSocketAddress) address).getPort();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel socket = port.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void serve(SocketChannel socket) {
        try (socket) {
            byte[] head = exactly(socket, HEAD);
            int size = Integer.parseInt(new String(head, 1, HEAD - 1, StandardCharsets.US_ASCII).strip());
            if (head[0] == 'E') {
                echo(socket, size);
            } else {
                byte[] all = toEnd(socket);
                write(socket, answer(all).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException | RuntimeException e) {
            // the other side tells
        }
    }

    private static void echo(SocketChannel socket, int size) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (int done = 0; done < size; ) {
            piece.clear().limit(Math.min(PIECE, size - done));
            int n = socket.read(piece);
            if (n < 0) {
                return;
            }
            done += n;
            piece.flip();
            while (piece.hasRemaining()) {
                socket.write(piece);
            }
        }
        toEnd(socket);
    }

    /** The dialer's side of mode H over a plain socket: everything there before the end, the answer, and the end after it. */
    static String halfClosed(String host, int port, int size) throws IOException {
        byte[] data = new byte[size];
        new Random().nextBytes(data);
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(host, port))) {
            write(socket, ("H" + String.format("%15d", size)).getBytes(StandardCharsets.US_ASCII));
            write(socket, data);
            socket.shutdownOutput();
            String answer = new String(toEnd(socket), StandardCharsets.US_ASCII);
            if (!answer.equals(answer(data))) {
                throw new Failed("answer was '" + answer.strip() + "', expected '"
                        + answer(data).strip() + "'");
            }
            return size + " bytes";
        }
    }

    private static String answer(byte[] data) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(data);
            return data.length + " " + HexFormat.of().formatHex(sum) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(SocketChannel socket, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        while (all.hasRemaining()) {
            socket.write(all);
        }
    }

    private static byte[] exactly(SocketChannel socket, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                throw new IOException("ended early");
            }
        }
        return buffer.array();
    }

    private static byte[] toEnd(SocketChannel socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (socket.read(piece) >= 0) {
            all.write(Arrays.copyOf(piece.array(), piece.position()), 0, piece.position());
            piece.clear();
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
