package io.postern.router.edge;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.postern.router.circuit.DialOutcome;
import io.postern.router.circuit.EgressRequest;
import io.postern.router.ctrl.ControlHandler;
import io.postern.router.ctrl.ControlPeer;
import io.postern.router.ctrl.Controllers;
import io.postern.transport.ChannelClosed;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.RetryHint;
import io.postern.wire.ctrl.CircuitCreated;
import io.postern.wire.ctrl.CircuitRefused;
import io.postern.wire.ctrl.CreateCircuit;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.DestType;
import io.postern.wire.ctrl.pb.RemoveTerminatorsRequest;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.Unroute;
import io.postern.wire.edgectrl.pb.CreateTerminatorResult;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Request;
import io.postern.wire.edgectrl.pb.CreateTerminatorV2Response;
import io.postern.wire.edgectrl.pb.UpdateTerminatorRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A controller that keeps terminators and makes circuits out of a dial on the same router. */
final class FakeControllers implements Controllers {
    final Map<String, CreateTerminatorV2Request> terminators = new ConcurrentHashMap<>();
    final LinkedBlockingQueue<CreateTerminatorV2Request> created = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> removed = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<UpdateTerminatorRequest> updated = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<CreateCircuit> asked = new LinkedBlockingQueue<>();
    final List<CreateTerminatorResult> results = new CopyOnWriteArrayList<>();
    volatile boolean connected = true;
    /** Completing it lets circuit answers go. */
    volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    /** When set, circuits are routed by real messages instead of being joined by hand. */
    volatile boolean routing;

    private final FakeCircuits circuits;
    private final EventLoopGroup loops;
    private final Map<Integer, ControlHandler> handlers = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Frame>> routed = new ConcurrentHashMap<>();
    private final AtomicInteger sequence = new AtomicInteger();
    private final List<Consumer<ControlPeer>> listeners = new CopyOnWriteArrayList<>();

    FakeControllers(FakeCircuits circuits, EventLoopGroup loops) {
        this.circuits = circuits;
        this.loops = loops;
    }

    void reconnect() {
        connected = true;
        listeners.forEach(listener -> listener.accept(new Peer()));
    }

    private Frame sent(FrameBuilder frame) {
        ByteBuf encoded = frame.encode(UnpooledByteBufAllocator.DEFAULT, sequence.incrementAndGet());
        byte[] bytes = ByteBufUtil.getBytes(encoded);
        encoded.release();
        return Frame.take(Unpooled.wrappedBuffer(bytes));
    }

    @Override
    public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
        Frame request = sent(frame);
        if (!connected) {
            request.release();
            return CompletableFuture.failedFuture(new ChannelClosed("no controller"));
        }
        try {
            return switch (request.contentType()) {
                case ContentType.CREATE_CIRCUIT_V2 -> circuit(request);
                case ContentType.CREATE_TERMINATOR_V2 -> done(terminator(request));
                case ContentType.REMOVE_TERMINATORS -> {
                    RemoveTerminatorsRequest.parseFrom(request.bodyBytes())
                            .getTerminatorIdsList()
                            .forEach(id -> {
                                terminators.remove(id);
                                removed.add(id);
                            });
                    yield done(FrameBuilder.result(request, true, ""));
                }
                case ContentType.UPDATE_EDGE_TERMINATOR -> {
                    updated.add(UpdateTerminatorRequest.parseFrom(request.bodyBytes()));
                    yield done(FrameBuilder.reply(ContentType.UPDATE_EDGE_TERMINATOR_RESPONSE, request));
                }
                default -> throw new AssertionError("unexpected " + request);
            };
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private CompletionStage<Frame> done(FrameBuilder answer) {
        return CompletableFuture.completedFuture(sent(answer));
    }

    private FrameBuilder terminator(Frame request) throws com.google.protobuf.InvalidProtocolBufferException {
        CreateTerminatorV2Request create = CreateTerminatorV2Request.parseFrom(request.bodyBytes());
        CreateTerminatorResult result = results.isEmpty() ? CreateTerminatorResult.Success : results.removeFirst();
        if (result == CreateTerminatorResult.Success) {
            terminators.put(create.getAddress(), create);
        }
        created.add(create);
        return FrameBuilder.reply(ContentType.CREATE_TERMINATOR_V2_RESPONSE, request)
                .body(CreateTerminatorV2Response.newBuilder()
                        .setTerminatorId(create.getAddress())
                        .setResult(result)
                        .setMsg(result == CreateTerminatorResult.Success ? "" : "result " + result)
                        .build()
                        .toByteArray());
    }

    private CompletionStage<Frame> circuit(Frame request) {
        CreateCircuit create = CreateCircuit.read(request);
        asked.add(create);
        String service = create.sessionToken().substring(create.sessionToken().lastIndexOf('/'));
        Optional<CreateTerminatorV2Request> terminator = terminators.values().stream()
                .filter(t -> t.getSessionToken().endsWith(service))
                .findAny();
        String circuitId = "circuit-" + request.sequence();
        if (terminator.isEmpty()) {
            return gate.thenCompose(open -> done(
                    new CircuitRefused(EdgeError.INTERNAL, "service has no terminators", RetryHint.DEFAULT, circuitId)
                            .reply(request)));
        }
        if (routing) {
            return route(request, circuitId, terminator.get().getAddress(), create);
        }
        EgressRequest egress = new EgressRequest(
                circuitId,
                "egress",
                terminator.get().getAddress(),
                create.peerData(),
                Duration.ofSeconds(5),
                Map.of(),
                loops.next());
        return circuits.dialers
                .get("edge")
                .dial(egress)
                .thenCombine(gate, (outcome, open) -> sent(answer(request, circuitId, outcome)));
    }

    /** Both ends on the one router there is. */
    private CompletionStage<Frame> route(Frame request, String circuitId, String terminatorId, CreateCircuit create) {
        String in = "in-" + circuitId;
        String out = "out-" + circuitId;
        Route.Egress.Builder egress =
                Route.Egress.newBuilder().setBinding("edge").setAddress(out).setDestination(terminatorId);
        create.peerData().forEach((key, value) -> egress.putPeerData(key, ByteString.copyFrom(value)));
        Route route = Route.newBuilder()
                .setCircuitId(circuitId)
                .setEgress(egress)
                .addForwards(Route.Forward.newBuilder()
                        .setSrcAddress(in)
                        .setDstAddress(out)
                        .setDstType(DestType.End))
                .addForwards(Route.Forward.newBuilder()
                        .setSrcAddress(out)
                        .setDstAddress(in)
                        .setDstType(DestType.Start))
                .setTimeout(Duration.ofSeconds(5).toNanos())
                .build();
        CompletableFuture<Frame> result = new CompletableFuture<>();
        Frame frame = sent(FrameBuilder.of(ContentType.ROUTE).body(route.toByteArray()));
        routed.put(frame.sequence(), result);
        loops.next().execute(() -> handlers.get(ContentType.ROUTE).frame(new Peer(), frame));
        return result.thenApply(answered -> {
            RouteResult read = RouteResult.read(answered);
            return sent(
                    read.error() == null
                            ? new CircuitCreated(circuitId, in, read.peerData(), Map.of()).reply(request)
                            : new CircuitRefused(EdgeError.INTERNAL, read.reason(), RetryHint.DEFAULT, circuitId)
                                    .reply(request));
        });
    }

    void unroute(String circuitId) {
        Frame frame = sent(FrameBuilder.of(ContentType.UNROUTE)
                .body(Unroute.newBuilder()
                        .setCircuitId(circuitId)
                        .setNow(true)
                        .build()
                        .toByteArray()));
        loops.next().execute(() -> handlers.get(ContentType.UNROUTE).frame(new Peer(), frame));
    }

    private final class Peer implements ControlPeer {
        @Override
        public String controllerId() {
            return "controller";
        }

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public void send(FrameBuilder frame) {
            Frame answer = sent(frame);
            CompletableFuture<Frame> waiting = routed.remove(answer.replyFor());
            if (waiting != null) {
                waiting.complete(answer);
            }
        }

        @Override
        public CompletionStage<Frame> request(FrameBuilder frame, Duration timeout) {
            return FakeControllers.this.request(frame, timeout);
        }
    }

    private FrameBuilder answer(Frame request, String circuitId, DialOutcome outcome) {
        return switch (outcome) {
            case DialOutcome.Failed failed ->
                new CircuitRefused(EdgeError.INTERNAL, failed.text(), RetryHint.DEFAULT, circuitId).reply(request);
            case DialOutcome.Connected connected -> {
                circuits.terminate(circuitId, connected.loop(), connected.sink());
                yield new CircuitCreated(circuitId, "ingress", connected.peerData(), Map.of()).reply(request);
            }
        };
    }

    @Override
    public void send(FrameBuilder frame) {
        frame.release();
    }

    @Override
    public Optional<ControlPeer> byId(String controllerId) {
        return Optional.empty();
    }

    @Override
    public Optional<ControlPeer> best() {
        return Optional.empty();
    }

    @Override
    public boolean connected() {
        return connected;
    }

    @Override
    public List<ControlPeer> connectedPeers() {
        return List.of();
    }

    @Override
    public void on(int contentType, ControlHandler handler) {
        handlers.put(contentType, handler);
    }

    @Override
    public void onConnected(Consumer<ControlPeer> listener) {
        listeners.add(listener);
    }

    @Override
    public void onDisconnected(Consumer<ControlPeer> listener) {}

    @Override
    public void inspect(String name, Supplier<String> value) {}
}
