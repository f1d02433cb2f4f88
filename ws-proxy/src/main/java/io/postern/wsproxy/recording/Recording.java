package io.postern.wsproxy.recording;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A recording that is being made. Its methods may be called from one event loop: they queue, and the writer's thread does
 * the rest. What is queued is bounded.
 */
public final class Recording {
    private static final Logger LOG = Logger.getLogger(Recording.class);
    private static final int LINK_EVERY = 64 * 1024;
    /** Lines are gathered up to about this before they are written. */
    private static final int FULL = 64 * 1024;

    private sealed interface Event {
        long at();

        record Bytes(long at, char code, ByteBuf bytes) implements Event {}

        record Words(long at, char code, String words) implements Event {}

        record End(long at) implements Event {}
    }

    private final RecordingId id;
    private final RecordingFile file;
    private final int room;
    private final RecordingWriter writer;
    private final Consumer<String> seal;
    private final Asciicast lines;
    private final HashChain chain = new HashChain();
    private final JsonText output = new JsonText();
    private final JsonText input = new JsonText();
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean askedForRoom = new AtomicBoolean();
    private volatile @Nullable Runnable whenRoom;
    private volatile @Nullable Runnable whenFailed;
    private volatile boolean failed;
    private volatile boolean closed;
    private long leftOut;
    private int unlinked;
    /** Of the page, how many bytes the chain has. */
    private int chained;

    /**
     * @param begun the moment that its times count from, in milliseconds
     * @param seal gets the last hash
     */
    Recording(RecordingId id, RecordingFile file, int room, RecordingWriter writer, long begun, Consumer<String> seal) {
        this.id = id;
        this.seal = seal;
        this.file = file;
        this.room = room;
        this.writer = writer;
        this.lines = new Asciicast(begun);
    }

    public RecordingId id() {
        return id;
    }

    /** Called on the writer's thread: there is room again after {@link #hasRoom} said no; the file cannot be written. */
    public void listen(Runnable room, Runnable failure) {
        whenRoom = room;
        whenFailed = failure;
        if (failed) {
            failure.run();
        }
    }

    /** False while much waits for the disk; then the listener is told when that is over. */
    public boolean hasRoom() {
        if (waiting.get() < room || failed) {
            return true;
        }
        askedForRoom.set(true);
        return waiting.get() < room;
    }

    /**
     * What the console printed. Takes ownership.
     *
     * @return false when it was left out for want of room; the recording has a mark in its place
     */
    public boolean output(ByteBuf bytes) {
        int size = bytes.readableBytes();
        if (failed || closed || size == 0) {
            bytes.release();
            return !failed;
        }
        if (waiting.get() > 2 * room) {
            leftOut += size;
            bytes.release();
            return false;
        }
        if (leftOut > 0) {
            marker(leftOut + " bytes of output left out: the disk is too slow");
            leftOut = 0;
        }
        waiting.addAndGet(size);
        add(new Event.Bytes(now(), 'o', bytes));
        return true;
    }

    /** What was typed. Takes ownership. */
    public void input(ByteBuf bytes) {
        if (failed || closed || waiting.get() > 2 * room) {
            bytes.release();
            return;
        }
        waiting.addAndGet(bytes.readableBytes());
        add(new Event.Bytes(now(), 'i', bytes));
    }

    public void resize(int columns, int rows) {
        words('r', columns + "x" + rows);
    }

    /** Something to be seen in a player's timeline. */
    public void marker(String words) {
        words('m', words);
    }

    public void exit(int code) {
        words('x', Integer.toString(code));
    }

    private void words(char code, String words) {
        if (!failed && !closed) {
            add(new Event.Words(now(), code, words));
        }
    }

    /** What was queued is still written. */
    public void close() {
        if (!closed) {
            if (leftOut > 0) {
                marker(leftOut + " bytes of output left out: the disk is too slow");
                leftOut = 0;
            }
            closed = true;
            add(new Event.End(now()));
        }
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private void add(Event event) {
        events.add(event);
        if (scheduled.compareAndSet(false, true)) {
            writer.submit(this);
        }
    }

    /** On the writer's thread, with its page. */
    void write(Page page) {
        scheduled.set(false);
        page.cut(0);
        chained = 0;
        boolean ended = false;
        for (Event event = events.poll(); event != null; event = events.poll()) {
            try {
                ended |= write(event, page);
                if (!failed && page.length() > FULL) {
                    put(page);
                }
            } catch (IOException e) {
                fail(e);
            }
        }
        finish(page, ended);
        if (waiting.get() < room / 2 && askedForRoom.compareAndSet(true, false)) {
            tell(whenRoom);
        }
    }

    private boolean write(Event event, Page page) {
        switch (event) {
            case Event.Bytes(long at, char code, ByteBuf bytes) -> {
                int size = bytes.readableBytes();
                JsonText text = code == 'o' ? output : input;
                line(at, code, page, out -> text.add(bytes.nioBuffer(), out));
                bytes.release();
                waiting.addAndGet(-size);
            }
            case Event.Words(long at, char code, String words) ->
                line(at, code, page, out -> new JsonText().add(StandardCharsets.UTF_8.encode(words), out));
            case Event.End(long at) -> {
                line(at, 'o', page, output::end);
                return true;
            }
        }
        return false;
    }

    private void line(long at, char code, Page page, Consumer<Page> text) {
        if (!failed) {
            int before = page.length();
            lines.event(at, code, page, text);
            link(page, page.length() - before);
        }
    }

    /** Counts a line, and puts a hash behind it when it is time. */
    private void link(Page page, int size) {
        unlinked += size;
        if (unlinked > LINK_EVERY) {
            unlinked = 0;
            link(page, false);
        }
    }

    private void link(Page page, boolean last) {
        chain(page);
        page.put(chain.link(last));
        chained = page.length();
    }

    private void chain(Page page) {
        chain.add(page.bytes(), chained, page.length() - chained);
        chained = page.length();
    }

    private void put(Page page) throws IOException {
        chain(page);
        file.put(page.bytes(), page.length());
        page.cut(0);
        chained = 0;
    }

    /** On the thread that begins it. */
    void header(String header) throws IOException {
        Page page = new Page(0);
        page.put(header);
        link(page, page.length());
        put(page);
    }

    private void finish(Page page, boolean ended) {
        if (failed) {
            return;
        }
        try {
            if (ended) {
                link(page, true);
            }
            put(page);
            if (ended) {
                file.end();
                seal.accept(chain.value());
                writer.ended(this);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException why) {
        if (failed) {
            return;
        }
        failed = true;
        LOG.errorf("recording.failed recording=%s cause=%s", id, why.getMessage());
        try {
            file.close();
        } catch (IOException e) {
            LOG.debugf("recording.unclosed recording=%s cause=%s", id, e.getMessage());
        }
        writer.ended(this);
        tell(whenFailed);
        tell(whenRoom);
    }

    private static void tell(@Nullable Runnable listener) {
        if (listener != null) {
            listener.run();
        }
    }
}
