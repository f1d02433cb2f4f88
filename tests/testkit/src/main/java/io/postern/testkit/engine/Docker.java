package io.postern.testkit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code dockerd}: a daemon that looks after its containers, without a network and without a change to the machine's. */
final class Docker implements Brand {
    @Override
    public Optional<String> missing() {
        return Machine.which("dockerd").isEmpty()
                ? Optional.of("there is no dockerd (Debian package docker.io)")
                : Optional.empty();
    }

    @Override
    public List<String> command(Path folder, Path socket) {
        List<String> command =
                new ArrayList<>(List.of(Machine.which("dockerd").orElseThrow().toString()));
        command.addAll(List.of("-H", "unix://" + socket));
        command.addAll(List.of("--data-root", folder.resolve("data").toString()));
        command.addAll(List.of("--exec-root", folder.resolve("exec").toString()));
        command.addAll(List.of("--pidfile", folder.resolve("pid").toString()));
        command.addAll(List.of("--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"));
        command.addAll(List.of("--bridge=none", "--storage-driver=vfs", "--shutdown-timeout=2"));
        return command;
    }

    @Override
    public void forgetRunning(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("pid"));
    }
}
