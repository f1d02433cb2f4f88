package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A client as the hub sees it; each protocol of the front is one. Called on the session's event loop only; an implementation
 * hops to its socket's loop itself and must not block.
 */
public interface Viewer {
    /** Takes ownership. Called only while {@link #isWritable()}; position is the number of the chunk's first byte. */
    void output(Stream stream, ByteBuf bytes, long position);

    /** May be false for long: the hub keeps a place in the ring, not a queue, and goes on at {@link Seat#writable()}. */
    boolean isWritable();

    /**
     * Can the protocol say that bytes are missing? If not, a viewer that is too slow for the ring is ended with {@link
     * End.TooSlow}.
     */
    default boolean skips() {
        return true;
    }

    void event(Event event);

    /** The last call. */
    void ended(End end);

    /** Where output comes from; a terminal has one. */
    enum Stream {
        OUT,
        ERR
    }

    /** What happens at a console beside bytes. */
    sealed interface Event {
        /** The first event. Position: first byte that follows; input: bytes of this owner's input that were taken. */
        record Opened(
                SessionId session,
                Consoles.Kind kind,
                boolean tty,
                boolean observer,
                Size size,
                long position,
                long input,
                boolean recorded,
                boolean resumed)
                implements Event {}

        record Resized(Size size) implements Event {}

        record Viewers(List<Present> all) implements Event {
            /** One of them. */
            public record Present(String name, boolean observer, boolean you) {}
        }

        /** Bytes that this viewer was too slow for; position is where it goes on. */
        record Skipped(long bytes, long position) implements Event {}

        record Paused() implements Event {}

        record Unpaused() implements Event {}

        /** The container has another name now. */
        record Renamed(String name) implements Event {}

        record InputTaken(long position) implements Event {}
    }

    /** Why it ended, for the client's close code and words. */
    sealed interface End {
        /** The process ended. */
        record Exit(int code) implements End {}

        /** Everything left as it should: detach keys, container gone on, eof of an attach. */
        record Detached() implements End {}

        /** Policy took the right away, or somebody ended it: 1008. */
        record Expelled(String reason) implements End {}

        /** The proxy goes: 1001; another one may be asked. */
        record Draining(boolean resumable) implements End {}

        /** Too slow for a protocol that cannot skip: 1013. */
        record TooSlow() implements End {}

        /** The engine or the way to it broke: 1011. */
        record Broken(String reason) implements End {}
    }
}
