package io.postern.cli.tunnel;

import io.postern.client.BindOptions;
import io.postern.client.BindOptions.Precedence;
import io.postern.client.PosternClient;
import io.postern.client.Service;
import io.postern.client.hosting.HostConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An identity's services at work in this process. Hosts what a host config describes and the identity may bind, follows
 * changes of that, and listens on ports for what it may dial. Lost channels, routers and controllers are waited for. The
 * caller's client is not closed. Any thread may close.
 */
public final class Tunnel implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 4096;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final PosternClient client;
    private final Notices notices;
    private final Places places = new Places(MOST_CONNECTIONS);
    private final Map<HostPlan.Key, HostedService> hosted = new ConcurrentHashMap<>();
    private final List<ProxiedService> proxied = new CopyOnWriteArrayList<>();
    private String trouble = "";
    private volatile boolean closed;

    public Tunnel(PosternClient client, Notices notices) {
        this.client = client;
        this.notices = notices;
    }

    /**
     * Listens for a service.
     *
     * @return where
     * @throws IOException when the port cannot be had
     */
    public InetSocketAddress proxy(Proxy wish, InetAddress address) throws IOException {
        ProxiedService proxy = new ProxiedService(
                wish.service(), new InetSocketAddress(address, wish.port()), client, places, notices);
        proxied.add(proxy);
        return proxy.address();
    }

    /** Hosts one service at a target of the caller's choice. */
    public void host(String service, HostConfig config) throws IOException {
        host(new HostPlan.Key("", service, config.text()), config);
    }

    private void host(HostPlan.Key key, HostConfig config) throws IOException {
        HostedService made = new HostedService(client.bind(key.service(), options(config)), config, places, notices);
        hosted.put(key, made);
        if (closed) { // meanwhile, and not seen by what closes
            made.close();
        }
    }

    /**
     * Hosts one service, hosts it again when it was taken away and made anew, and does not return before it is interrupted.
     *
     * @throws IOException when it cannot be hosted at first
     */
    void hold(String service, HostConfig config) throws IOException, InterruptedException {
        HostPlan.Key key = new HostPlan.Key("", service, config.text());
        host(key, config);
        notices.told("hosting " + service + " at " + HostedService.describe(config));
        boolean told = false;
        while (true) {
            Thread.sleep(LOOK_AGAIN);
            HostedService known = hosted.get(key);
            if (known != null && known.isOpen()) {
                continue;
            }
            try {
                host(key, config);
                notices.told("hosting " + service + " again");
                told = false;
            } catch (IOException e) {
                if (!told) {
                    notices.warned(
                            "service " + service + " is not hosted any more: " + e.getMessage() + "; trying again");
                }
                told = true;
            }
        }
    }

    /** Hosts what may be hosted, looks again every quarter of a minute, and does not return before it is interrupted. */
    public void follow() throws InterruptedException {
        boolean idle = false;
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                boolean any = reconcile(client.services());
                if (!any && !idle && proxied.isEmpty()) {
                    notices.told(
                            "nothing to host or dial yet: this identity may bind no service that has a host config");
                }
                idle = !any;
                trouble = "";
                pause = LOOK_AGAIN;
            } catch (IOException e) {
                String words = String.valueOf(e.getMessage());
                if (!words.equals(trouble)) {
                    trouble = words;
                    notices.warned("the services cannot be listed: " + words + "; trying again");
                }
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : twice;
            }
            Thread.sleep(pause);
        }
    }

    /** @return is there anything to be hosted? */
    private boolean reconcile(List<Service> services) {
        if (closed) {
            return true;
        }
        hosted.entrySet().removeIf(each -> !each.getValue().isOpen());
        HostPlan plan = HostPlan.of(services, hosted.keySet());
        plan.unreadable().forEach((service, why) -> notices.warned("service " + service + " is not hosted: " + why));
        for (HostPlan.Key gone : plan.close()) {
            hosted.remove(gone).close();
            notices.told("no longer hosting " + gone.service());
        }
        for (HostPlan.Open wanted : plan.open()) {
            String service = wanted.key().service();
            try {
                host(wanted.key(), wanted.config());
                notices.told("hosting " + service + " at " + HostedService.describe(wanted.config()));
            } catch (IOException e) {
                notices.warned("service " + service + " cannot be hosted yet: " + e.getMessage());
            }
        }
        return !hosted.isEmpty() || !plan.open().isEmpty() || !plan.unreadable().isEmpty();
    }

    private BindOptions options(HostConfig config) throws IOException {
        Precedence precedence = switch (config.precedence()) {
            case "required" -> Precedence.REQUIRED;
            case "failed" -> Precedence.FAILED;
            default -> Precedence.DEFAULT;
        };
        BindOptions options = BindOptions.DEFAULT.withCost(config.cost(), precedence);
        String instance = config.instance(client.authenticate().identityName(), "");
        return instance.isEmpty() ? options : options.withInstance(instance);
    }

    /** Connections at this moment. */
    public int connections() {
        return places.busy();
    }

    /** What is hosted now, by service. */
    public Map<String, String> hosted() {
        Map<String, String> all = new HashMap<>();
        hosted.forEach((key, service) -> all.put(key.service(), HostedService.describe(service.config())));
        return all;
    }

    /** Takes everything back: terminators first, so that nothing new comes, then ports, then connections. */
    @Override
    public void close() {
        closed = true;
        hosted.values().forEach(HostedService::close);
        proxied.forEach(ProxiedService::close);
        places.close();
    }
}
