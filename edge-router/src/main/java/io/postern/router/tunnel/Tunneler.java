package io.postern.router.tunnel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.NetUtil;
import io.postern.router.circuit.CircuitHost;
import io.postern.router.ctrl.Controllers;
import io.postern.router.model.ModelView;
import io.postern.router.model.SessionClaims;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The embedded tunneler. Acts as the identity whose id is the router's: hosts what that identity may Bind and a host
 * config describes, and in mode proxy listens on loopback for what it may Dial. Any thread.
 */
public final class Tunneler implements AutoCloseable {
    public static final String BINDING = "tunnel";
    private static final Logger LOG = Logger.getLogger(Tunneler.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int AGAIN_SECONDS = 15;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Listen(String service, String address, int port) {}

    private final String routerId;
    private final Controllers controllers;
    private final ModelView model;
    private final CircuitHost circuits;
    private final EventLoopGroup loops;
    private final TunnelSettings settings;
    private final PlainSockets sockets = new PlainSockets();
    private final HostedTerminators terminators;
    private final ScheduledExecutorService background;
    private final ScheduledFuture<?> chore;
    private final Map<Listen, Channel> listening = new ConcurrentHashMap<>();
    private final Set<Listen> opening = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param background one thread; model changes are worked on there */
    public Tunneler(
            String routerId,
            Controllers controllers,
            ModelView model,
            CircuitHost circuits,
            EventLoopGroup loops,
            ScheduledExecutorService background,
            TunnelSettings settings) {
        this.routerId = routerId;
        this.controllers = controllers;
        this.model = model;
        this.circuits = circuits;
        this.loops = loops;
        this.background = background;
        this.settings = settings;
        this.terminators = new HostedTerminators(routerId, controllers, model, background);
        circuits.egress(BINDING, new TunnelHost(terminators::find, sockets));
        if (settings.mode() == TunnelSettings.Mode.PROXY) {
            model.onChange(aspects -> background.execute(this::listen));
            background.execute(this::listen);
        }
        chore = background.scheduleWithFixedDelay(this::again, AGAIN_SECONDS, AGAIN_SECONDS, TimeUnit.SECONDS);
        background.execute(terminators::reconcile);
    }

    /** What failed a moment ago, a port in use say, may succeed now. */
    private void again() {
        terminators.reconcile();
        if (settings.mode() == TunnelSettings.Mode.PROXY) {
            listen();
        }
    }

    /** On the background thread: opens what is wanted and not open, closes what is no longer wanted. */
    private void listen() {
        if (closed) {
            return;
        }
        Map<Listen, Boolean> wanted = new HashMap<>();
        settings.proxies().forEach(proxy -> wanted.put(new Listen(proxy.service(), LOOPBACK, proxy.port()), true));
        if (model.ready()) {
            for (ModelView.Service service : model.services(routerId, SessionClaims.Type.DIAL)) {
                configured(service, wanted);
            }
        }
        listening.entrySet().removeIf(each -> {
            boolean gone = !wanted.containsKey(each.getKey());
            if (gone) {
                each.getValue().close();
            }
            return gone;
        });
        wanted.keySet().stream()
                .filter(each -> !listening.containsKey(each) && opening.add(each))
                .forEach(this::open);
    }

    private void configured(ModelView.Service service, Map<Listen, Boolean> wanted) {
        String json = model.configs(service.id(), routerId).get("proxy.v1");
        if (json == null) {
            return;
        }
        try {
            JsonNode proxy = JSON.readTree(json);
            boolean tcp = false;
            for (JsonNode protocol : proxy.path("protocols")) {
                tcp |= protocol.asText().equals("tcp");
            }
            String binding = proxy.path("binding").asText("");
            int port = proxy.path("port").asInt();
            if (tcp && port > 0 && port <= 65_535) {
                boolean address = NetUtil.isValidIpV4Address(binding) || NetUtil.isValidIpV6Address(binding);
                wanted.put(new Listen(service.name(), address ? binding : LOOPBACK, port), true);
            }
        } catch (IOException e) {
            LOG.warnf("tunnel.config.unreadable serviceId=%s cause=%s", service.id(), e.getMessage());
        }
    }

    private void open(Listen listen) {
        TunnelProxy proxy = new TunnelProxy(routerId, listen.service(), controllers, model, circuits);
        var bound = PlainSockets.listen(loops, new InetSocketAddress(listen.address(), listen.port()), proxy);
        bound.addListener(done -> {
            if (!done.isSuccess()) {
                LOG.warnf(
                        "tunnel.listen.failed service=%s address=%s port=%d cause=%s",
                        listen.service(),
                        listen.address(),
                        listen.port(),
                        done.cause().getMessage());
                opening.remove(listen);
                return;
            }
            Channel channel = bound.channel();
            listening.put(listen, channel);
            opening.remove(listen);
            LOG.infof("tunnel.listening service=%s address=%s", listen.service(), channel.localAddress());
            if (closed) {
                channel.close();
            } else {
                background.execute(this::listen); // the model may have changed while the port was opened
            }
        });
    }

    /** Port on which a service's connections are taken, or -1 while none is open. */
    public int proxyPort(String service) {
        return listening.entrySet().stream()
                .filter(each -> each.getKey().service().equals(service))
                .map(each -> ((InetSocketAddress) each.getValue().localAddress()).getPort())
                .findFirst()
                .orElse(-1);
    }

    /** Terminators of this router, created or about to be. */
    public int hosted() {
        return terminators.count();
    }

    @Override
    public void close() {
        closed = true;
        chore.cancel(false);
        listening.values().forEach(Channel::close);
        sockets.close();
    }
}
