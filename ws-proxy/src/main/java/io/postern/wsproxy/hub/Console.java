package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.wsproxy.access.Subject;
import io.postern.wsproxy.engine.ContainerEvent;
import io.postern.wsproxy.engine.ContainerFacts;
import io.postern.wsproxy.engine.DetachKeys;
import io.postern.wsproxy.engine.Engines;
import io.postern.wsproxy.engine.HostStream;
import io.postern.wsproxy.engine.MuxDecoder;
import io.postern.wsproxy.engine.Output;
import io.postern.wsproxy.engine.Tunnel;
import io.postern.wsproxy.hub.Viewer.End;
import io.postern.wsproxy.hub.Viewer.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One engine stream and all who look at it. Confined to its loop. */
final class Console implements HostStream.Receiver {
    private static final Logger LOG = Logger.getLogger(Console.class);
    private static final long TELL_INPUT_MILLIS = 200;
    private static final int TELL_INPUT_BYTES = 64 * 1024;
    private static final long ENDING_PATIENCE = 10_000;
    private static final long DETACHING_PATIENCE = 1_500;

    /** What does not change in a console's life. */
    record Facts(
            SessionId session,
            Subject who,
            Consoles.Kind kind,
            Source source,
            HubOptions options,
            Duration idle,
            Duration longest) {}

    private final Hub hub;
    private final Engines engines;
    private final EventLoop loop;
    private final Facts facts;
    private final Tape tape;
    private final OutputRing ring;
    private final Reading reading;
    private final MuxDecoder mux = new MuxDecoder();
    private final TerminalSize sizes;
    private final InputFeed input;
    private final List<Place> places = new ArrayList<>();
    private final Farewell farewell = new Farewell(this);
    private volatile ContainerFacts container;
    private @Nullable HostStream stream;
    private OptionalInt died = OptionalInt.empty();
    private long lastByte = System.nanoTime();
    private boolean opening;
    private boolean streamEnded;
    private @Nullable ScheduledFuture<?> lengths;

    Console(Hub hub, EventLoop loop, ContainerFacts container, Facts facts, Tape tape) {
        this.hub = hub;
        this.engines = hub.engines();
        this.loop = loop;
        this.container = container;
        this.facts = facts;
        this.tape = tape;
        this.sizes = new TerminalSize(this);
        this.input = new InputFeed(this);
        this.ring = new OutputRing(
                io.netty.buffer.PooledByteBufAllocator.DEFAULT, facts.options().ring());
        this.reading = new Reading(this, facts.options());
        tape.attach(loop, reading::tapeHasRoom, this::tapeFailed);
    }

    EventLoop loop() {
        return loop;
    }

    void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    boolean tty() {
        return facts.source().tty();
    }

    DetachKeys detachKeys() {
        return engines.options().detachKeys();
    }

    OutputRing ring() {
        return ring;
    }

    ContainerFacts container() {
        return container;
    }

    Facts facts() {
        return facts;
    }

    Tape tape() {
        return tape;
    }

    /** Is the engine's stream not read now? */
    boolean isEngineHeld() {
        return reading.isHeld();
    }

    /** Is there a stream to the process, and is it wanted? */
    boolean isLive() {
        return stream != null && !streamEnded && farewell.isOpen() && !farewell.isFinished();
    }

    boolean isExec() {
        return facts.kind() == Consoles.Kind.EXEC;
    }

    // ---- the engine's side

    /** Opens the engine's stream. On the loop; completes there. */
    CompletionStage<Void> open() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        facts.source()
                .open(engines, loop)
                .whenComplete((tunnel, failure) -> loop.execute(() -> {
                    if (tunnel == null) {
                        opened.completeExceptionally(Engines.refusal(failure));
                    } else if (!farewell.isOpen() || farewell.isFinished()) {
                        farewell.late(tunnel);
                        opened.completeExceptionally(Engines.refusal(new IllegalStateException("nobody waits for it")));
                    } else {
                        begin(tunnel);
                        opened.complete(null);
                    }
                }));
        return opened;
    }

    private void begin(Tunnel tunnel) {
        HostStream live = tunnel.stream();
        stream = live;
        sizes.ready();
        live.receive(this);
        if (tunnel.first().isReadable()) {
            bytes(tunnel.first());
        } else {
            tunnel.first().release();
        }
        live.resume();
        takeInput();
        watchTime();
    }

    @Override
    public void bytes(ByteBuf in) {
        lastByte = System.nanoTime();
        if (!isLive()) {
            in.release();
            return;
        }
        boolean dense = in.readableBytes() >= in.capacity() / 4 * 3;
        if (tty()) {
            append(Output.OUT, in, dense);
        } else {
            mux.feed(in, (from, part) -> append(from, part, dense));
        }
        for (int i = places.size() - 1; i >= 0; i--) { // a place that ends leaves the list
            places.get(i).pump();
        }
        reading.balance();
    }

    /** @param dense is it most of the memory that it keeps? */
    private void append(Output from, ByteBuf part, boolean dense) {
        if (tape.isOn()) {
            tape.output(part.retainedDuplicate());
        }
        if (dense) {
            ring.adopt(from, part);
        } else {
            ring.append(from, part);
        }
    }

    private void tapeFailed() {
        farewell.end(new End.Broken("the recording failed, and this host allows no console without one"));
    }

    @Override
    public void writable() {
        takeInput();
    }

    @Override
    public void ended() {
        if (isExec()) { // whoever typed the detach keys has left before
            conclude(false, ENDING_PATIENCE, new End.Broken("the command's stream ended while it ran"));
        } else {
            conclude(false, input.isEnded() ? DETACHING_PATIENCE : ENDING_PATIENCE, new End.Detached());
        }
    }

    @Override
    public void broken(String why) {
        conclude(true, DETACHING_PATIENCE, new End.Broken(why)); // unless the process went, or the engine itself did
    }

    /** @param stillRuns the end to tell when the stream is gone and the process is not */
    private void conclude(boolean broke, long patience, End stillRuns) {
        if (!isLive()) {
            return;
        }
        streamEnded = true;
        Epilogue.Loss loss = new Epilogue.Loss(broke, patience, stillRuns, farewell::survivor);
        Epilogue.of(engines, loop, facts.source(), () -> died, loss)
                .thenAccept(verdict -> farewell.concluded(verdict.gone(), verdict.end()));
    }

    /** What the engine tells of the container; on any thread. */
    void happened(ContainerEvent event) {
        onLoop(() -> {
            switch (event) {
                case ContainerEvent.Died(String id, int code) -> died = OptionalInt.of(code);
                case ContainerEvent.Paused paused -> tellAll(new Event.Paused());
                case ContainerEvent.Unpaused unpaused -> tellAll(new Event.Unpaused());
                case ContainerEvent.Renamed(String id, String name) -> {
                    container = renamed(name);
                    tellAll(new Event.Renamed(name));
                }
                case ContainerEvent.Destroyed destroyed -> LOG.debugf("container.gone container=%s", container.name());
            }
        });
    }

    private ContainerFacts renamed(String name) {
        ContainerFacts was = container;
        return new ContainerFacts(
                was.host(), was.id(), name, was.image(), was.labels(), was.state(), was.tty(), was.stdin());
    }

    private void tellAll(Event event) {
        List.copyOf(places).forEach(place -> place.tell(event));
    }

    // ---- the clients' side

    /** A place that somebody will take. On the loop. @return false when it is too late */
    boolean add(Place place) {
        return farewell.isOpen() && places.add(place);
    }

    boolean has(Place place) {
        return places.contains(place);
    }

    Event.Opened opened(Place place, long position, long input, boolean resumed) {
        Size size = sizes.current();
        return new Event.Opened(
                place.session(), facts.kind(), tty(), place.isObserver(), size, position, input, tape.isOn(), resumed);
    }

    /** Somebody sits down at a place of this console. On the loop. */
    void sit(Place place, Place.Sitter sitter, long from, boolean resumed) {
        hub.seated(place, resumed); // before its client hears: who knows the session may ask for it
        place.sit(sitter, Math.clamp(from, 0, ring.end()), resumed);
        tape.marker(place.who().name() + (place.isObserver() ? " observes" : resumed ? " is back" : " sits down"));
        End outcome = farewell.outcome();
        if (outcome != null) {
            place.endAfterOutput(outcome);
            return;
        }
        tellViewers();
        place.pump();
        reading.balance();
        if (isExec() && !opening && !place.isObserver()) {
            opening = true;
            open().exceptionally(failure -> {
                farewell.finish(
                        new End.Broken(String.valueOf(Engines.refusal(failure).getMessage())));
                return null;
            });
        }
    }

    void tellViewers() {
        List<Place> seated = places.stream().filter(Place::isSeated).toList();
        for (Place one : seated) {
            one.tell(new Event.Viewers(seated.stream()
                    .map(place -> new Event.Viewers.Present(place.who().name(), place.isObserver(), place == one))
                    .toList()));
        }
    }

    /** Bytes go to the engine as far as it takes them. */
    void takeInput() {
        HostStream live = stream;
        if (live != null && isLive()) {
            input.feed(places, live);
        }
    }

    boolean takesInput() {
        return isExec() || container.stdin();
    }

    void touched() {
        lastByte = System.nanoTime();
    }

    void resized(Place place, Size size) {
        sizes.wish(place, size);
        hub.saw(new ConsoleEvent.Resized(place.session(), place.who(), container, size));
    }

    CompletionStage<Void> orderSize(Size size) {
        tape.resize(size.columns(), size.rows());
        tellAll(new Event.Resized(size));
        return facts.source().resize(engines, size);
    }

    /** A place has shown more. */
    void seen(Place place) {
        if (isExec() ? !place.isObserver() : reading.isHeld()) {
            reading.balance();
        }
    }

    // ---- what the farewell needs

    Hub hub() {
        return hub;
    }

    List<Place> places() {
        return places;
    }

    TerminalSize sizes() {
        return sizes;
    }

    Farewell farewell() {
        return farewell;
    }

    @Nullable
    HostStream stream() {
        return stream;
    }

    /** Nothing more is read for anybody. */
    void closeStream() {
        if (lengths != null) {
            lengths.cancel(false);
        }
        tape.close();
        HostStream live = stream;
        if (live != null) {
            live.close();
        }
        hub.closed(this);
    }

    // ---- lengths

    private void watchTime() {
        if (!isLive()) {
            return;
        }
        long now = System.nanoTime();
        long soonest = facts.idle().toNanos() - (now - lastByte);
        if (soonest <= 0) {
            farewell.end(new End.Expelled("nothing was typed or printed for " + Lengths.words(facts.idle())));
            return;
        }
        for (Place place : List.copyOf(places)) {
            long left = facts.longest().toNanos() - (now - place.began());
            if (left <= 0) {
                farewell.expel(place, "a console may last " + Lengths.words(facts.longest()));
            } else {
                soonest = Math.min(soonest, left);
            }
        }
        lengths = loop.schedule(this::watchTime, Math.max(soonest, 1_000_000), TimeUnit.NANOSECONDS);
    }
}
