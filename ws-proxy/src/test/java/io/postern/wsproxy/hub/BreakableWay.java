package io.postern.wsproxy.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A way to an engine's socket whose connections can be broken; new ones are made all the time. */
final class BreakableWay implements AutoCloseable {
    private final Path folder;
    private final Path engine;
    private final ServerSocketChannel door;
    private final Map<SocketChannel, SocketChannel> connections = new ConcurrentHashMap<>();
    private volatile boolean deaf;

    BreakableWay(Path engine) {
        this.engine = engine;
        try {
            folder = Files.createTempDirectory("bw");
            door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            door.bind(UnixDomainSocketAddress.of(socket()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::serve);
    }

    Path socket() {
        return folder.resolve("s");
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel near = door.accept();
                SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                connections.put(near, far);
                Thread.startVirtualThread(() -> pass(near, far, true));
                Thread.startVirtualThread(() -> pass(far, near, false));
            }
        } catch (IOException e) {
            // the door was closed
        }
    }

    private void pass(SocketChannel from, SocketChannel to, boolean up) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(buffer.clear()) >= 0) {
                if (up && deaf) {
                    return; // what comes next stays unread, so that closing resets the connection
                }
                for (buffer.flip(); buffer.hasRemaining(); ) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // one of them has gone
        }
    }

    /** From now on nothing typed arrives; the first byte is read, and all after it is not. */
    void goDeaf() {
        deaf = true;
    }

    /** Breaks every connection that is there. */
    void breakAll() throws IOException {
        for (Map.Entry<SocketChannel, SocketChannel> each :
                Map.copyOf(connections).entrySet()) {
            connections.remove(each.getKey());
            each.getKey().close();
            each.getValue().close();
        }
        deaf = false;
    }

    @Override
    public void close() {
        try {
            door.close();
            breakAll();
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
