package io.postern.router.ctrl;

import io.postern.transport.ChannelClosed;
import io.postern.wire.ContentType;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One question, put to one controller after another: to the next when the channel of the one that was asked closes before it
 * answers, or when it says that another may know more. A controller that is merely slow is waited for.
 */
final class Question {
    private final Supplier<List<ControlPeer>> peers;
    private final Supplier<FrameBuilder> frame;
    private final long deadline;
    private final Set<String> asked = new HashSet<>();
    private final CompletableFuture<Frame> answer = new CompletableFuture<>();

    /** @param peers the connected controllers, best first, as they are when asked */
    Question(Supplier<List<ControlPeer>> peers, Supplier<FrameBuilder> frame, Duration timeout) {
        this.peers = peers;
        this.frame = frame;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    CompletionStage<Frame> ask() {
        Optional<ControlPeer> peer = next();
        if (peer.isEmpty()) {
            answer.completeExceptionally(new ChannelClosed("no controller is connected"));
        } else {
            ask(peer.get());
        }
        return answer;
    }

    private Optional<ControlPeer> next() {
        return peers.get().stream()
                .filter(peer -> !asked.contains(peer.controllerId()))
                .findFirst();
    }

    private void ask(ControlPeer peer) {
        asked.add(peer.controllerId());
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        peer.request(frame.get(), left).whenComplete(this::answered);
    }

    private void answered(Frame reply, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean another = reply == null
                ? cause instanceof ChannelClosed
                : reply.contentType() == ContentType.ERROR && reply.bool(Header.ASK_ANOTHER);
        Optional<ControlPeer> peer = another && deadline - System.nanoTime() > 0 ? next() : Optional.empty();
        if (peer.isPresent()) {
            if (reply != null) {
                reply.release();
            }
            ask(peer.get());
        } else if (reply == null) {
            answer.completeExceptionally(cause);
        } else {
            answer.complete(reply);
        }
    }
}
