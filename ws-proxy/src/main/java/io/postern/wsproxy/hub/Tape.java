package io.postern.wsproxy.hub;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.postern.wsproxy.recording.Recording;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a console puts on record, if anything. On the console's loop. */
final class Tape {
    private final @Nullable Recording recording;
    private final boolean required;
    private final boolean withInput;
    private @Nullable Runnable failed;

    private Tape(@Nullable Recording recording, boolean required, boolean withInput) {
        this.recording = recording;
        this.required = required;
        this.withInput = withInput;
    }

    static Tape off() {
        return new Tape(null, false, false);
    }

    static Tape of(Recording recording, boolean required, boolean withInput) {
        return new Tape(recording, required, withInput);
    }

    void attach(EventLoop loop, Runnable room, Runnable whenFailed) {
        failed = whenFailed;
        if (recording != null) {
            recording.listen(
                    () -> loop.execute(room),
                    () -> loop.execute(() -> {
                        if (required) {
                            whenFailed.run();
                        }
                    }));
        }
    }

    boolean isOn() {
        return recording != null;
    }

    Optional<String> id() {
        return Optional.ofNullable(recording).map(tape -> tape.id().value());
    }

    /** Is there room for more? A source that can wait should. */
    boolean hasRoom() {
        return recording == null || recording.hasRoom();
    }

    /** Takes ownership. What finds no room is left out with a mark, or ends a console that needs a whole recording. */
    void output(ByteBuf bytes) {
        if (recording == null) {
            bytes.release();
        } else if (!recording.output(bytes) && required && failed != null) {
            failed.run();
        }
    }

    /** Leaves the bytes alone. */
    void input(ByteBuf bytes) {
        if (recording != null && withInput) {
            recording.input(bytes.retainedDuplicate());
        }
    }

    void resize(int columns, int rows) {
        if (recording != null) {
            recording.resize(columns, rows);
        }
    }

    void marker(String words) {
        if (recording != null) {
            recording.marker(words);
        }
    }

    void exit(int code) {
        if (recording != null) {
            recording.exit(code);
        }
    }

    void close() {
        if (recording != null) {
            recording.close();
        }
    }
}
