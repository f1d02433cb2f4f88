package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.DetachKeys;
import io.postern.wsproxy.engine.Output;
import io.postern.wsproxy.hub.OutputRing.Chunk;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client's place at a console: how far it has seen, what it typed. Outlives its connection for the grace period, in
 * which another connection may sit down. Confined to the console's loop, but for the doors of its seats.
 */
final class Place {
    private static final int SLICE = 64 * 1024;
    /** Bytes typed and not taken by the engine; a client above is asked to wait, one far above is cut off. */
    private static final int HIGH = 256 * 1024;

    private static final int LOW = 64 * 1024;
    private static final int MOST = 4 * 1024 * 1024;

    private final Console console;
    private final SessionId session;
    private final SessionId key;
    private final Subject who;
    private final boolean observer;
    private final Register.Ticket ticket;
    private final long began;
    private final DetachKeys.@Nullable Watch detach;
    private final ArrayDeque<ByteBuf> typed = new ArrayDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final java.util.concurrent.atomic.AtomicReference<@Nullable Runnable> whenTaken =
            new java.util.concurrent.atomic.AtomicReference<>();
    private final Pace.Runner runner = new Pace.Runner();
    private volatile @Nullable Sitter sitter;
    private long position;
    private long outputBytes;
    private long taken;
    private long toldTaken;
    private boolean inputClosed;
    private @Nullable End end;
    private volatile boolean over;
    private volatile boolean ended;
    private boolean reported;
    private boolean wasSeated;

    /** @param session what the client calls it; an observer shares the id of what it observes @param key its own */
    Place(Console console, SessionId session, SessionId key, Subject who, boolean observer, Register.Ticket ticket) {
        this.console = console;
        this.session = session;
        this.key = key;
        this.who = who;
        this.observer = observer;
        this.ticket = ticket;
        this.began = System.nanoTime();
        this.detach = console.tty() && !observer ? console.detachKeys().watch() : null;
    }

    /** One connection at this place. */
    final class Sitter implements Seat {
        private final Viewer viewer;
        private final AtomicInteger queued = new AtomicInteger();
        private volatile boolean seated;
        private volatile boolean gone;

        private Sitter(Viewer viewer) {
            this.viewer = viewer;
        }

        /** Tasks of one seat keep their order, and none comes before it is taken. */
        private void onLoop(Runnable task) {
            if (seated && queued.get() == 0 && console.loop().inEventLoop()) {
                task.run();
                return;
            }
            queued.incrementAndGet();
            console.loop().execute(() -> {
                queued.decrementAndGet();
                task.run();
            });
        }

        @Override
        public boolean input(ByteBuf bytes, Runnable again) {
            if (gone || observer || !bytes.isReadable()) {
                bytes.release();
                return true;
            }
            int now = waiting.addAndGet(bytes.readableBytes());
            boolean room = now < HIGH;
            if (!room) {
                whenTaken.set(again);
                wakeBelow(LOW); // the loop may have taken all of it just before
            }
            onLoop(() -> type(this, bytes));
            return room;
        }

        @Override
        public void closeInput() {
            onLoop(() -> {
                if (!gone && !observer) {
                    inputClosed = true;
                    console.takeInput();
                }
            });
        }

        @Override
        public void resize(Size size) {
            if (!observer) {
                onLoop(() -> {
                    if (!gone) {
                        console.resized(Place.this, size);
                    }
                });
            }
        }

        @Override
        public void writable() {
            onLoop(Place.this::pump);
        }

        @Override
        public void leave() {
            onLoop(() -> {
                if (sitter == this) {
                    console.farewell().left(Place.this);
                }
            });
        }

        @Override
        public void lost() {
            onLoop(() -> {
                if (sitter == this && !gone) {
                    gone = true;
                    sitter = null;
                    console.farewell().lost(Place.this);
                }
            });
        }
    }

    SessionId session() {
        return session;
    }

    SessionId key() {
        return key;
    }

    Subject who() {
        return who;
    }

    boolean isObserver() {
        return observer;
    }

    Console console() {
        return console;
    }

    Register.Ticket ticket() {
        return ticket;
    }

    boolean isSeated() {
        Sitter now = sitter;
        return now != null && !now.gone;
    }

    /** Was a client told its end here? Any thread. */
    boolean isEnded() {
        return ended;
    }

    /** Did anybody ever sit here? */
    boolean wasSeated() {
        return wasSeated;
    }

    /** True once: when the end of this place is to be told to the world. */
    boolean reportsEnd() {
        boolean first = !reported;
        reported = true;
        return first;
    }

    boolean isOver() {
        return over;
    }

    long position() {
        return position;
    }

    long began() {
        return began;
    }

    /** How it stands now. */
    Pace.Runner runner() {
        runner.at(
                outputBytes,
                console.ring().weightFrom(Math.max(position, console.ring().start())));
        return runner;
    }

    long inputBytes() {
        return taken;
    }

    long outputBytes() {
        return outputBytes;
    }

    /** Sits down, in the place of an earlier connection where there is one. */
    Seat sit(Sitter next, long from, boolean resumed) {
        Sitter before = sitter;
        if (before != null) {
            before.gone = true;
            before.viewer.ended(new End.Expelled("another connection of yours took this place"));
        }
        sitter = next;
        wasSeated = true;
        position = from;
        toldTaken = taken;
        next.seated = true;
        next.viewer.event(console.opened(this, from, taken, resumed));
        return next;
    }

    Sitter sitter(Viewer viewer) {
        return new Sitter(viewer);
    }

    void tell(Event event) {
        Sitter now = sitter;
        if (now != null && !now.gone) {
            now.viewer.event(event);
        }
    }

    /** Shows what there is, as far as the viewer takes it. */
    void pump() {
        Sitter now = sitter;
        if (now == null || now.gone) {
            return;
        }
        OutputRing ring = console.ring();
        while (now.viewer.isWritable() && !now.gone) {
            if (position < ring.start() && !skip(now, ring)) {
                return;
            }
            Chunk chunk = ring.read(position, SLICE);
            if (chunk == null) {
                break;
            }
            int size = chunk.bytes().readableBytes();
            position += size;
            outputBytes += size;
            Viewer.Stream stream = chunk.from() == Output.OUT ? Viewer.Stream.OUT : Viewer.Stream.ERR;
            now.viewer.output(stream, chunk.bytes(), chunk.position());
        }
        console.seen(this);
        if (end != null && position >= ring.end() && !now.gone) {
            finish(now, end);
        }
    }

    private boolean skip(Sitter now, OutputRing ring) {
        if (!now.viewer.skips()) {
            console.farewell().tooSlow(this);
            return false;
        }
        long missed = ring.start() - position;
        position = ring.start();
        now.viewer.event(new Event.Skipped(missed, position));
        return true;
    }

    private void type(Sitter from, ByteBuf bytes) {
        if (from.gone || over || inputClosed) {
            waiting.addAndGet(-bytes.readableBytes());
            bytes.release();
            return;
        }
        if (waiting.get() > MOST) {
            bytes.release();
            console.farewell().expel(this, "more is sent than the container takes");
            return;
        }
        console.touched();
        int passes = detach == null ? bytes.readableBytes() : detach.passes(bytes);
        boolean leaves = passes < bytes.readableBytes();
        typed.add(bytes.writerIndex(bytes.readerIndex() + passes));
        console.takeInput();
        if (leaves) {
            console.farewell().left(this);
        }
    }

    /** Next bytes for the engine; null when there are none. The caller owns them and they count as taken. */
    @Nullable
    ByteBuf take() {
        ByteBuf next = typed.poll();
        if (next != null) {
            int size = next.readableBytes();
            taken += size;
            waiting.addAndGet(-size);
            wakeBelow(LOW);
        }
        return next;
    }

    private void wakeBelow(int bytes) {
        if (waiting.get() < bytes) {
            Runnable blocked = whenTaken.getAndSet(null);
            if (blocked != null) {
                blocked.run();
            }
        }
    }

    /** Has it said that nothing more comes, and is all before taken? */
    boolean isInputOver() {
        return inputClosed && typed.isEmpty();
    }

    /** Bytes taken since the client was told. */
    long untold() {
        return taken - toldTaken;
    }

    void tellTaken() {
        if (taken != toldTaken) {
            toldTaken = taken;
            tell(new Event.InputTaken(taken));
        }
    }

    /** Ends when all was shown. */
    void endAfterOutput(End why) {
        end = why;
        pump();
    }

    /** Ends now. */
    void endNow(End why) {
        Sitter now = sitter;
        if (now != null && !now.gone) {
            finish(now, why);
        } else {
            end = why;
        }
    }

    private void finish(Sitter now, End why) {
        now.gone = true;
        ended = true;
        end = why;
        tellTakenTo(now);
        now.viewer.ended(why);
        console.farewell().ended(this, why);
    }

    private void tellTakenTo(Sitter now) {
        if (taken != toldTaken) {
            toldTaken = taken;
            now.viewer.event(new Event.InputTaken(taken));
        }
    }

    /** Nothing more happens here. */
    void close() {
        over = true;
        Sitter now = sitter;
        if (now != null) {
            now.gone = true;
        }
        sitter = null;
        for (ByteBuf bytes = typed.poll(); bytes != null; bytes = typed.poll()) {
            waiting.addAndGet(-bytes.readableBytes());
            bytes.release();
        }
        wakeBelow(Integer.MAX_VALUE);
    }
}
