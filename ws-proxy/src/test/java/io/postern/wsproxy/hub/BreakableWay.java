package io.postern.wsproxy.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/** A way to an engine's socket whose connections can be broken; new ones are made all the time. */
final class BreakableWay implements AutoCloseable {
    private final Path folder;
    private final Path engine;
    private final ServerSocketChannel door;
    private final Map<SocketChannel, Thread> talkers = new ConcurrentHashMap<>();
    private final Map<SocketChannel, SocketChannel> connections = new ConcurrentHashMap<>();
    private volatile boolean deaf;
    private volatile boolean dumb;
    private volatile boolean shut;

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
                if (shut) {
                    near.close();
                    continue;
                }
                SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                connections.put(near, far);
                Thread.startVirtualThread(() -> pass(near, far, true));
                talkers.put(near, Thread.startVirtualThread(() -> pass(far, near, false)));
            }
        } catch (IOException e) {
            // the door was closed
        }
    }

    private void pass(SocketChannel from, SocketChannel to, boolean up) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(buffer.clear()) >= 0) {
                if (up ? deaf : dumb) {
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

    /** Breaks the connections on which the engine prints all the time; their clients see an orderly end. */
    void breakBeyond() throws IOException {
        dumb = true;
        Awaitility.await()
                .atMost(Room.seconds(60))
                .until(() -> connections.keySet().stream().anyMatch(near -> !talks(near)));
        for (Map.Entry<SocketChannel, SocketChannel> each : connections.entrySet()) {
            if (!talks(each.getKey())) {
                connections.remove(each.getKey());
                reset(each.getValue());
                each.getKey().shutdownOutput();
            }
        }
        dumb = false;
    }

    private boolean talks(SocketChannel near) {
        Thread talker = talkers.get(near);
        return talker == null || talker.isAlive();
    }

    /** Closed with something unread, so that the other side has an error. */
    private static void reset(SocketChannel far) throws IOException {
        try (Selector selector = Selector.open()) {
            far.configureBlocking(false);
            far.register(selector, SelectionKey.OP_READ);
            selector.select(60_000);
        }
        far.close();
    }

    /** From now on every new connection ends at once, or no longer. */
    void shut(boolean now) {
        shut = now;
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
