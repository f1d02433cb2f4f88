package io.postern.wsproxy.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.postern.wsproxy.engine.EngineRefusal.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Control calls to one host's engine: docker-java over our transport, each on a virtual thread, bounded and timed. */
final class EngineCalls {
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 16 * 1024 * 1024;

    /** The oldest version that tells what we need to know, and the newest that we know. */
    private static final Version OLDEST = new Version(1, 25);

    private static final Version NEWEST = new Version(1, 44);
    private static final Version CONSOLE_SIZE = new Version(1, 42);

    private record Version(int major, int minor) implements Comparable<Version> {
        static Version parse(String text) {
            if (!text.matches("[0-9]{1,3}\\.[0-9]{1,4}")) {
                throw new EngineRefusal(Code.ENGINE_FAILED, "the engine does not tell the version of its API");
            }
            String[] parts = text.split("\\.");
            return new Version(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }

        @Override
        public int compareTo(Version other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /** @param podman does it say so? */
    private record Agreed(Version version, boolean podman, DockerClient client) {}

    private final HostName host;
    private final EngineTransport transport;
    private final EngineOptions options;
    private final Semaphore turns;
    private volatile @Nullable Agreed agreed;

    EngineCalls(HostName host, EngineTransport transport, EngineOptions options) {
        this.host = host;
        this.transport = transport;
        this.options = options;
        this.turns = new Semaphore(options.callsPerHost());
    }

    CompletionStage<List<Container>> list() {
        return call(client ->
                client.listContainersCmd().withShowAll(true).withLimit(1_000).exec());
    }

    /** @param reference an id, the begin of one, or a name; already checked for its characters */
    CompletionStage<InspectContainerResponse> inspect(String reference) {
        return call(client -> client.inspectContainerCmd(reference).exec());
    }

    CompletionStage<ExecState> inspectExec(ExecId exec) {
        return call(client -> {
            InspectExecResponse answer = client.inspectExecCmd(exec.value()).exec();
            Long code = answer.getExitCodeLong();
            return new ExecState(Boolean.TRUE.equals(answer.isRunning()), code == null ? -1 : code.intValue());
        });
    }

    CompletionStage<Void> resizeContainer(ContainerId container, int columns, int rows) {
        return call(client -> {
            client.resizeContainerCmd(container.value()).withSize(rows, columns).exec();
            return null;
        });
    }

    CompletionStage<Void> resizeExec(ExecId exec, int columns, int rows) {
        return call(client -> {
            client.resizeExecCmd(exec.value()).withSize(rows, columns).exec();
            return null;
        });
    }

    /** docker-java knows neither detach keys nor a first size, so this body is ours. */
    CompletionStage<ExecId> createExec(ContainerId container, ExecSpec spec) {
        return call(client -> {
            ObjectNode body = JSON.createObjectNode()
                    .put("AttachStdin", spec.stdin())
                    .put("AttachStdout", true)
                    .put("AttachStderr", true)
                    .put("Tty", spec.tty());
            if (spec.tty()) {
                body.put("DetachKeys", options.detachKeys().text());
            }
            spec.command().forEach(body.putArray("Cmd")::add);
            spec.environment().forEach(body.putArray("Env")::add);
            spec.user().ifPresent(user -> body.put("User", user));
            spec.workingDirectory().ifPresent(folder -> body.put("WorkingDir", folder));
            size(spec, body);
            JsonNode answer = post(path("/containers/" + container + "/exec"), body.toString());
            return new ExecId(answer.path("Id").asText());
        });
    }

    /** Body of an exec's start. */
    byte[] startBody(ExecSpec spec) {
        ObjectNode body = JSON.createObjectNode().put("Detach", false).put("Tty", spec.tty());
        size(spec, body);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void size(ExecSpec spec, ObjectNode body) {
        Agreed with = agreed;
        if (spec.tty() && spec.columns() > 0 && with != null && with.version().compareTo(CONSOLE_SIZE) >= 0) {
            body.putArray("ConsoleSize").add(spec.rows()).add(spec.columns());
        }
    }

    /** Completes when the version is agreed on, with paths' prefix. */
    CompletionStage<String> prefix() {
        return call(client -> path(""));
    }

    /** Like {@link #prefix}, before an upload into a folder. Podman makes one that is missing; on it the folder is asked for. */
    CompletionStage<String> prefixForUpload(String archive) {
        return call(client -> {
            Agreed with = agreed;
            if (with != null && with.podman() && status("HEAD", path(archive)) == 404) {
                throw Archives.refusal(host, 404, "there is no such folder in the container");
            }
            return path("");
        });
    }

    private int status(String method, String path) {
        Request request =
                Request.builder().method(method).path(path).headers(Map.of()).build();
        try (Response response = transport.execute(request)) {
            return response.getStatusCode();
        }
    }

    private String path(String rest) {
        Agreed with = agreed;
        return "/v" + (with == null ? OLDEST : with.version()) + rest;
    }

    private JsonNode post(String path, String body) {
        Request request = Request.builder()
                .method(Request.Method.POST)
                .path(path)
                .putHeader("Content-Type", "application/json")
                .bodyBytes(body.getBytes(StandardCharsets.UTF_8))
                .build();
        try (Response response = transport.execute(request)) {
            byte[] answer = response.getBody().readNBytes(LARGEST);
            if (response.getStatusCode() >= 300) {
                throw Refusals.of(host, response.getStatusCode(), new String(answer, StandardCharsets.UTF_8));
            }
            return answer.length == 0 ? JSON.nullNode() : JSON.readTree(answer);
        } catch (IOException e) {
            throw new EngineRefusal(Code.ENGINE_FAILED, "the engine of host " + host + ": " + e.getMessage());
        }
    }

    private <T extends @Nullable Object> CompletionStage<T> call(Function<DockerClient, T> task) {
        return CompletableFuture.supplyAsync(
                () -> {
                    await();
                    try {
                        return task.apply(client());
                    } catch (EngineRefusal e) {
                        if (e.code() == Code.HOST_UNREACHABLE) {
                            agreed = null; // another engine may come up in its place
                        }
                        throw e;
                    } catch (DockerException e) {
                        throw Refusals.of(
                                host,
                                e.getHttpStatus(),
                                String.valueOf(e.getMessage()).replaceFirst("^Status \\d+: ", ""));
                    } catch (RuntimeException e) {
                        throw new EngineRefusal(
                                Code.ENGINE_FAILED, "the engine of host " + host + ": " + e.getMessage());
                    } finally {
                        turns.release();
                    }
                },
                THREADS);
    }

    private void await() {
        try {
            if (!turns.tryAcquire(options.callTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EngineRefusal(Code.TIMEOUT, "too many calls wait for the engine of host " + host);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineRefusal(Code.TIMEOUT, "interrupted while asking host " + host);
        }
    }

    private DockerClient client() {
        Agreed with = agreed;
        if (with == null) {
            with = negotiate();
            agreed = with;
        }
        return with.client();
    }

    private Agreed negotiate() {
        Request request = Request.builder()
                .method(Request.Method.GET)
                .path("/_ping")
                .headers(Map.of())
                .build();
        try (Response response = transport.execute(request)) {
            response.getBody().readNBytes(1024);
            Version theirs = Version.parse(
                    Optional.ofNullable(response.getHeader("api-version")).orElse(""));
            if (theirs.compareTo(OLDEST) < 0) {
                throw new EngineRefusal(
                        Code.ENGINE_FAILED,
                        "the engine of host " + host + " speaks API " + theirs + "; " + OLDEST
                                + " is the oldest that will do");
            }
            Version version = theirs.compareTo(NEWEST) < 0 ? theirs : NEWEST;
            DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                    .withDockerHost("unix:///engine")
                    .withDockerTlsVerify(false)
                    .withApiVersion(version.toString())
                    .build();
            boolean podman = response.getHeader("libpod-api-version") != null;
            return new Agreed(version, podman, DockerClientImpl.getInstance(config, transport));
        } catch (IOException e) {
            throw new EngineRefusal(Code.ENGINE_FAILED, "the engine of host " + host + ": " + e.getMessage());
        }
    }
}
