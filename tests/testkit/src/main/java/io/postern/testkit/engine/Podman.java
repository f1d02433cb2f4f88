package io.postern.testkit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Podman's service. No daemon looks after its containers: they outlive the service, and that they ended is news to it only after a
 * machine's restart, which is what its run folders are about.
 */
final class Podman implements Brand {
    static final String NAME = "podman";

    /** What a machine without systemd, or whose own limits are below Podman's defaults, can run. */
    private static final String CONFIG = """
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
            log_driver = "k8s-file"
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "runc"
            """;

    @Override
    public Optional<String> missing() {
        return Machine.which(NAME).isEmpty() || Machine.which("runc").isEmpty()
                ? Optional.of("there is no podman with runc (Debian packages podman, runc)")
                : Optional.empty();
    }

    @Override
    public List<String> command(Path folder, Path socket) throws IOException {
        Files.writeString(config(folder), CONFIG);
        List<String> command =
                new ArrayList<>(List.of(Machine.which(NAME).orElseThrow().toString()));
        command.addAll(List.of("--root", folder.resolve("data").toString()));
        command.addAll(List.of("--runroot", folder.resolve("exec").toString()));
        command.addAll(List.of("--tmpdir", folder.resolve("tmp").toString(), "--storage-driver", "vfs"));
        command.addAll(List.of("system", "service", "-t", "0", "unix://" + socket));
        return command;
    }

    @Override
    public Map<String, String> environment(Path folder) {
        return Map.of("CONTAINERS_CONF", config(folder).toString());
    }

    private static Path config(Path folder) {
        return folder.resolve("containers.conf");
    }

    @Override
    public void endContainers(Function<List<String>, String> docker) {
        docker.apply(List.of("ps", "-q")).lines().forEach(each -> docker.apply(List.of("stop", "-t", "2", each)));
    }

    @Override
    public void forgetRunning(Path folder) throws IOException {
        forget(folder);
        Machine.unmount(folder);
        Machine.delete(folder.resolve("exec"));
        Machine.delete(folder.resolve("tmp"));
    }

    /** The runtime keeps a state of each container, by its id. */
    @Override
    public void forget(Path folder) throws IOException {
        Path kept = folder.resolve("data/vfs-containers");
        if (Files.exists(kept)) {
            try (Stream<Path> containers = Files.list(kept)) {
                containers
                        .filter(Files::isDirectory)
                        .forEach(each -> Machine.run(List.of(
                                "runc", "delete", "--force", each.getFileName().toString())));
            }
        }
    }
}
