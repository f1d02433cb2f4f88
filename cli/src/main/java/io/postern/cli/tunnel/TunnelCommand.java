package io.postern.cli.tunnel;

import io.postern.cli.Failure;
import io.postern.client.IdentityFile;
import io.postern.client.PosternClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern tunnel}: an identity's services in this process. */
@Command(
        name = "tunnel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Host the services of an identity, and listen for services that it may dial, until Ctrl-C.",
            "Hosted is what the identity may bind and a host config describes: tcp addresses and unix sockets.",
            "Lost routers and controllers are waited for; new services and rights are followed."
        })
public final class TunnelCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = {"-i", "--identity"},
            required = true,
            paramLabel = "FILE",
            description = "The identity file.")
    Path identity;

    @Option(
            names = "--proxy",
            paramLabel = "SERVICE:PORT",
            arity = "1..*",
            description = "Listen on this port for the service; port 0 takes any that is free; repeatable.")
    List<String> proxies = new ArrayList<>();

    @Option(
            names = "--address",
            description = "Where proxies listen (default: ${DEFAULT-VALUE}); others than loopback let others in.")
    String address = "127.0.0.1";

    @Option(names = "--no-host", description = "Host nothing.")
    boolean noHost;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Proxy> wishes = wishes();
        if (noHost && wishes.isEmpty()) {
            throw new Failure(Failure.USAGE, "Nothing to do: give --proxy SERVICE:PORT, or leave out --no-host.");
        }
        InetAddress where = where();
        Printed notices = new Printed(spec.commandLine());
        try (PosternClient client = PosternClient.of(IdentityFile.read(identity));
                Tunnel tunnel = new Tunnel(client, notices)) {
            notices.closeAtEnd(tunnel, client);
            for (Proxy wish : wishes) {
                try {
                    InetSocketAddress at = tunnel.proxy(wish, where);
                    notices.told(wish.service() + " is at " + at.getAddress().getHostAddress() + ":" + at.getPort());
                } catch (IOException e) {
                    throw new Failure(
                            Failure.REFUSED,
                            "Port " + wish.port() + " at " + address + " cannot be had: " + e.getMessage() + ".");
                }
            }
            if (noHost) {
                new CountDownLatch(1).await();
            }
            tunnel.follow();
        }
        return 0;
    }

    private InetAddress where() {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new Failure(Failure.USAGE, "'" + address + "' is no address of this machine.");
        }
    }

    private List<Proxy> wishes() {
        try {
            return proxies.stream().map(Proxy::of).toList();
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.USAGE, e.getMessage() + ".");
        }
    }
}
