package io.postern.controller.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.postern.controller.network.NetworkFixture.RouterIdentity;
import io.postern.fabric.path.ReroutePlan;
import io.postern.transport.Address;
import io.postern.transport.Channel;
import io.postern.transport.ChannelDialer;
import io.postern.transport.ChannelHandler;
import io.postern.transport.ChannelOptions;
import io.postern.transport.CloseCause;
import io.postern.transport.TlsEngine;
import io.postern.wire.Capabilities;
import io.postern.wire.ContentType;
import io.postern.wire.EdgeError;
import io.postern.wire.Frame;
import io.postern.wire.FrameBuilder;
import io.postern.wire.Header;
import io.postern.wire.RouteError;
import io.postern.wire.ctrl.RouteResult;
import io.postern.wire.ctrl.pb.Fault;
import io.postern.wire.ctrl.pb.FaultSubject;
import io.postern.wire.ctrl.pb.Listener;
import io.postern.wire.ctrl.pb.Listeners;
import io.postern.wire.ctrl.pb.Route;
import io.postern.wire.ctrl.pb.RouterLinks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A router as far as the control channel goes: it says what the test tells it to and remembers what it hears. */
final class ScriptedRouter implements ChannelHandler, AutoCloseable {
    static final EventLoopGroup LOOPS = new NioEventLoopGroup(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final RouterIdentity identity;
    final List<Heard> heard = new CopyOnWriteArrayList<>();
    private @Nullable Channel channel;
    private volatile @Nullable RouteError refuses;
    private volatile Map<Integer, byte[]> answers = Map.of();
    private volatile boolean silent;
    private volatile boolean closed;

    /** A frame, copied. */
    record Heard(int contentType, int sequence, Map<Integer, byte[]> headers, byte[] body) {
        <T extends MessageLite> T as(Parser<T> parser) {
            try {
                return parser.parseFrom(body);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        String text(int header) {
            byte[] value = headers.get(header);
            return value == null ? "" : new String(value);
        }

        int number(int header) {
            byte[] value = headers.get(header);
            return value == null ? -1 : value[0];
        }

        String body8() {
            return new String(body);
        }

        void isRefusal(EdgeError code, String text) {
            assertThat(contentType).isEqualTo(ContentType.ERROR);
            assertThat(number(Header.ERROR_CODE)).isEqualTo(code.number());
            assertThat(body8()).contains(text);
        }
    }

    ScriptedRouter(RouterIdentity identity) {
        this.identity = identity;
    }

    static ScriptedRouter online(RouterIdentity identity, int port) throws Exception {
        ScriptedRouter router = new ScriptedRouter(identity);
        router.connect(port);
        return router;
    }

    Channel connect(int port) throws Exception {
        Listeners listeners = Listeners.newBuilder()
                .addListeners(Listener.newBuilder()
                        .setAddress("tls:127.0.0.1:1")
                        .setProtocol("tls")
                        .addGroups("default")
                        .setLocalBinding("lo"))
                .build();
        FrameBuilder hello = FrameBuilder.of(ContentType.HELLO)
                .string(Header.HELLO_VERSION, "v2.1.0|r|d|linux|amd64")
                .bytes(Header.CTRL_LISTENERS, listeners.toByteArray())
                .bytes(
                        Header.CTRL_CAPABILITIES,
                        Capabilities.of(Capabilities.ROUTER_DATA_MODEL).bytes())
                .bool(Header.IS_GROUPED, true)
                .bool(Header.IS_FIRST_GROUP_CONNECTION, true)
                .string(Header.TYPE, "ctrl.default")
                .body(identity.id());
        closed = false;
        Channel made = new ChannelDialer(LOOPS, TlsEngine.JDK)
                .dial(
                        Address.parse("tls:localhost:" + port),
                        identity.tls(),
                        "ziti-ctrl",
                        hello,
                        this,
                        ChannelOptions.CONTROL)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        channel = made;
        return made;
    }

    Channel channel() {
        return java.util.Objects.requireNonNull(channel);
    }

    /** Routes with an egress are refused from now on; null accepts again. */
    void refuse(@Nullable RouteError error) {
        refuses = error;
    }

    void answerWith(Map<Integer, byte[]> peerData) {
        answers = peerData;
    }

    /** Routes are heard and not answered. */
    void silent(boolean value) {
        silent = value;
    }

    @Override
    public void frame(Channel from, Frame frame) {
        heard.add(new Heard(frame.contentType(), frame.sequence(), frame.headers(), frame.bodyBytes()));
        Heard last = heard.getLast();
        frame.release();
        if (last.contentType() == ContentType.ROUTE && !silent) {
            Route route = last.as(Route.parser());
            RouteError error = route.hasEgress() ? refuses : null;
            RouteResult result = error == null
                    ? RouteResult.success(
                            route.getCircuitId(), route.getAttempt(), route.hasEgress() ? answers : Map.of())
                    : RouteResult.failure(route.getCircuitId(), route.getAttempt(), error, "told to refuse");
            from.send(result.frame(last.sequence()));
        }
    }

    @Override
    public void closed(Channel from, CloseCause cause) {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    void send(int contentType, MessageLite message) {
        channel().send(FrameBuilder.of(contentType).body(message.toByteArray()));
    }

    /** Says that a link is lost, of which it is an end. */
    void losesLink(String id) {
        send(
                ContentType.FAULT,
                Fault.newBuilder()
                        .setSubject(FaultSubject.LinkFault)
                        .setId(id)
                        .setIteration(1)
                        .build());
    }

    /** Says that its end of a circuit is gone. */
    void ends(String circuitId, FaultSubject end) {
        send(
                ContentType.FAULT,
                Fault.newBuilder().setSubject(end).setId(circuitId).build());
    }

    Heard ask(FrameBuilder frame) throws Exception {
        Frame reply = channel().request(frame, PATIENCE).toCompletableFuture().get(90, TimeUnit.SECONDS);
        Heard copy = new Heard(reply.contentType(), reply.sequence(), reply.headers(), reply.bodyBytes());
        reply.release();
        return copy;
    }

    Heard ask(int contentType, MessageLite message) throws Exception {
        return ask(FrameBuilder.of(contentType).body(message.toByteArray()));
    }

    /** Says that it dialed these links: "id>router". */
    void links(boolean full, String... links) {
        RouterLinks.Builder message = RouterLinks.newBuilder().setFullRefresh(full);
        for (String link : links) {
            List<String> parts = Arrays.asList(link.split(">"));
            message.addLinks(RouterLinks.RouterLink.newBuilder()
                    .setId(parts.get(0))
                    .setDestRouterId(parts.get(1))
                    .setLinkProtocol("tls")
                    .setIteration(1));
        }
        send(ContentType.ROUTER_LINKS, message.build());
    }

    /** The next frame of this type not yet taken, waiting for it. */
    Heard next(int contentType) {
        return next(each -> each.contentType() == contentType);
    }

    /** The next route that belongs to a way found anew. */
    Route rerouted() {
        return next(each -> each.contentType() == ContentType.ROUTE
                        && each.as(Route.parser()).getAttempt() == ReroutePlan.ATTEMPT)
                .as(Route.parser());
    }

    private final List<Heard> taken = new ArrayList<>();

    Heard next(Predicate<Heard> wanted) {
        Heard found = await().atMost(PATIENCE)
                .until(
                        () -> heard.stream()
                                .filter(each -> taken.stream().noneMatch(old -> old == each))
                                .filter(wanted)
                                .findFirst()
                                .orElse(null),
                        each -> each != null);
        taken.add(found);
        return found;
    }

    List<Heard> all(int contentType) {
        return heard.stream().filter(each -> each.contentType() == contentType).toList();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close("test is over");
        }
    }
}
