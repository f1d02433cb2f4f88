package io.postern.router.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.circuit.EgressDialer;
import io.postern.router.circuit.XgressEnd;
import io.postern.router.circuit.XgressSink;
import io.postern.wire.xgress.PayloadHeaders;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Circuits that are two ends in one process, joined by circuit id: what one offers the other is handed, in order. */
final class FakeCircuits implements CircuitHost {
    final Map<String, EgressDialer> dialers = new ConcurrentHashMap<>();
    final Map<String, End> initiators = new ConcurrentHashMap<>();
    final Map<String, End> terminators = new ConcurrentHashMap<>();
    /** Offers answer false from so many on, until released. */
    final AtomicInteger accepting = new AtomicInteger(Integer.MAX_VALUE);

    @Override
    public void egress(String binding, EgressDialer dialer) {
        dialers.put(binding, dialer);
    }

    @Override
    public XgressEnd initiate(
            String circuitId,
            String ingressAddress,
            EventLoop loop,
            Map<String, String> tags,
            Function<XgressEnd, XgressSink> sink) {
        End end = new End(circuitId, ingressAddress, loop);
        initiators.put(circuitId, end);
        loop.execute(() -> end.begin(sink));
        return end;
    }

    End terminate(String circuitId, EventLoop loop, Function<XgressEnd, XgressSink> sink) {
        End end = new End(circuitId, "egress", loop);
        terminators.put(circuitId, end);
        loop.execute(() -> end.begin(sink));
        return end;
    }

    final class End implements XgressEnd {
        private final String circuitId;
        private final String address;
        private final EventLoop loop;
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile XgressSink sink;
        volatile boolean closed;
        volatile boolean paused;

        End(String circuitId, String address, EventLoop loop) {
            this.circuitId = circuitId;
            this.address = address;
            this.loop = loop;
        }

        void begin(Function<XgressEnd, XgressSink> made) {
            sink = made.apply(this);
            begun.countDown();
        }

        private End other() {
            End initiator = initiators.get(circuitId);
            return initiator == this ? terminators.get(circuitId) : initiator;
        }

        /** Runs on the other end's loop, once that has begun. */
        private void atOther(java.util.function.Consumer<XgressSink> act) {
            End other = other();
            if (other != null) {
                other.later(act);
            }
        }

        private void later(java.util.function.Consumer<XgressSink> act) {
            loop.execute(() -> {
                if (begun.getCount() > 0) {
                    later(act);
                } else {
                    act.accept(sink);
                }
            });
        }

        XgressSink sink() {
            return sink;
        }

        @Override
        public String circuitId() {
            return circuitId;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public boolean offer(ByteBuf body, PayloadHeaders headers) {
            if (closed || other() == null) {
                body.release();
                return true;
            }
            atOther(sink -> sink.data(body, headers));
            return accepting.decrementAndGet() > 0;
        }

        void release() {
            accepting.set(Integer.MAX_VALUE);
            loop.execute(() -> sink.writable());
        }

        @Override
        public void endOfInput() {
            atOther(XgressSink::endOfData);
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                atOther(sink -> sink.closed("circuit ended"));
                later(sink -> sink.closed("close called"));
                End other = other();
                if (other != null) {
                    other.closed = true;
                }
            }
        }
    }
}
