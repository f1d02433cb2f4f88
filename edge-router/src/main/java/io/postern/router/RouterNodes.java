package io.postern.router;

import io.netty.channel.EventLoopGroup;
import io.postern.router.config.RouterConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The edge routers of this process: one, or several that share its event loops and its memory, each with its own config,
 * identity, ports and Links.
 */
final class RouterNodes implements AutoCloseable {
    private final List<RouterNode> all = new ArrayList<>();

    /** Reads the identity files; nothing is dialled or opened yet. Blocks. @throws InvalidConfig a sentence that names the key */
    RouterNodes(List<RouterConfig> configs, EventLoopGroup loops) {
        for (RouterConfig config : configs) {
            all.add(new RouterNode(config, loops));
        }
    }

    /** Opens the ports of all and begins to dial, as {@link RouterNode#start}. */
    void start() {
        all.forEach(RouterNode::start);
    }

    List<RouterNode> all() {
        return List.copyOf(all);
    }

    /** Named numbers for metrics; where there are several routers, each number says whose it is. */
    List<Measure> measures() {
        return all.stream()
                .flatMap(node -> node.measures().stream()
                        .map(measure -> all.size() == 1 ? measure : measure.labelled("router", node.routerId())))
                .toList();
    }

    /** All at once, each as long as its config allows, as {@link RouterNode#drain}. Blocks until the last is done. */
    void drain() {
        List<Thread> draining = all.stream()
                .map(node -> Thread.ofPlatform().name("drain").start(node::drain))
                .toList();
        for (Thread one : draining) {
            try {
                one.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        all.reversed().forEach(RouterNode::close);
    }
}
