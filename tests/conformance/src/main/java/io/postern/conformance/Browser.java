package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by the DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Proc process;
    private final WebSocket socket;
    private final HttpClient http;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls;
    private final List<String> complaints;

    private Browser(
            Proc process,
            HttpClient http,
            WebSocket socket,
            Map<Integer, CompletableFuture<JsonNode>> calls,
            List<String> complaints) {
        this.process = process;
        this.http = http;
        this.socket = socket;
        this.calls = calls;
        this.complaints = complaints;
    }

    /** The program, or null where there is none. */
    static @Nullable String program() {
        for (String place : List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")) {
            if (Files.isExecutable(Path.of(place))) {
                return place;
            }
        }
        return null;
    }

    static Browser start(String program, Path folder, Path log) throws IOException, InterruptedException {
        List<String> command = List.of(
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                "--ignore-certificate-errors", // the lane's own certificate; that it is checked is the other clients'
                // proof
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank");
        Proc process = Proc.start("chromium", command, Map.of("TMPDIR", folder.toString()), folder, log);
        try {
            String line = process.await("DevTools address", said -> said.contains("DevTools listening on"), PATIENCE);
            int port = URI.create(line.substring(line.indexOf("ws://"))).getPort();
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            String page = page(http, port);
            Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
            List<String> complaints = new CopyOnWriteArrayList<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create(page), new Ear(calls, complaints))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Browser browser = new Browser(process, http, socket, calls, complaints);
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                browser.call(domain + ".enable", object());
            }
            return browser;
        } catch (ExecutionException | TimeoutException | IOException e) {
            process.close();
            throw new Failed("Chromium takes no orders: " + e, e);
        } catch (Failed e) {
            process.close();
            throw e;
        }
    }

    private static String page(HttpClient http, int port) throws IOException, InterruptedException {
        URI list = URI.create("http://127.0.0.1:" + port + "/json");
        return Await.that("a page of Chromium's", PATIENCE)
                .until(
                        () -> {
                            var targets = http.send(
                                    HttpRequest.newBuilder(list)
                                            .timeout(PATIENCE)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
                            String found = "";
                            for (JsonNode target : JSON.readTree(targets.body())) {
                                if (target.path("type").asText().equals("page")) {
                                    found = target.path("webSocketDebuggerUrl").asText();
                                }
                            }
                            return found;
                        },
                        found -> !found.isEmpty());
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** What Chromium says; errors of the page are kept. */
    private static final class Ear implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonNode>> calls;
        private final List<String> complaints;
        private final StringBuilder text = new StringBuilder();

        Ear(Map<Integer, CompletableFuture<JsonNode>> calls, List<String> complaints) {
            this.calls = calls;
            this.complaints = complaints;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void heard(String message) {
            JsonNode event;
            try {
                event = JSON.readTree(message);
            } catch (IOException e) {
                complaints.add("no JSON from Chromium");
                return;
            }
            JsonNode more = event.path("params");
            switch (event.path("method").asText()) {
                case "Log.entryAdded" -> {
                    JsonNode entry = more.path("entry");
                    if (entry.path("level").asText().equals("error")) {
                        complaints.add(entry.path("source").asText() + ": "
                                + entry.path("text").asText());
                    }
                }
                case "Runtime.exceptionThrown" ->
                    complaints.add("exception: "
                            + more.path("exceptionDetails")
                                    .path("exception")
                                    .path("description")
                                    .asText());
                case "Runtime.consoleAPICalled" -> {
                    if (more.path("type").asText().matches("error|assert|warning")) {
                        complaints.add("console: " + more.path("args"));
                    }
                }
                default -> {
                    CompletableFuture<JsonNode> call =
                            calls.remove(event.path("id").asInt());
                    if (call != null) {
                        call.complete(event);
                    }
                }
            }
        }
    }

    /** Calls a method of the protocol; its result. */
    JsonNode call(String method, ObjectNode parameters) throws InterruptedException {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        ObjectNode message = object().put("id", id).put("method", method);
        message.set("params", parameters);
        try {
            socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            JsonNode said = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (said.has("error")) {
                throw new Failed(
                        method + ": " + said.path("error").path("message").asText());
            }
            return said.path("result");
        } catch (ExecutionException | TimeoutException e) {
            throw new Failed("Chromium does not answer " + method, e);
        }
    }

    void open(String address) throws InterruptedException {
        call("Page.navigate", object().put("url", address));
    }

    /** The value of an expression in the page. */
    JsonNode value(String expression) throws InterruptedException {
        JsonNode result = call(
                "Runtime.evaluate",
                object().put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new Failed("'" + expression + "' throws "
                    + result.path("exceptionDetails")
                            .path("exception")
                            .path("description")
                            .asText());
        }
        return result.path("result").path("value");
    }

    /** Waits until an expression's value fits. */
    JsonNode await(String what, String expression, Predicate<JsonNode> fits) throws InterruptedException {
        try {
            return Await.that(what + " on the page", PATIENCE).until(() -> value(expression), fits);
        } catch (Failed e) {
            throw new Failed(e.getMessage() + "; complaints: " + complaints, e);
        }
    }

    void await(String what, String condition) throws InterruptedException {
        await(what, "Boolean(" + condition + ")", JsonNode::asBoolean);
    }

    /** Types as a keyboard does, into whatever has the focus. A line end is the Enter key. */
    void type(String text) throws InterruptedException {
        for (int c : text.codePoints().toArray()) {
            if (c == '\n') {
                key("Enter", 13, "\r");
            } else {
                call("Input.dispatchKeyEvent", object().put("type", "char").put("text", Character.toString(c)));
            }
        }
    }

    private void key(String name, int code, String text) throws InterruptedException {
        ObjectNode down = object().put("type", "keyDown").put("key", name).put("code", name);
        call("Input.dispatchKeyEvent", down.put("windowsVirtualKeyCode", code).put("text", text));
        ObjectNode up = object().put("type", "keyUp").put("key", name).put("code", name);
        call("Input.dispatchKeyEvent", up.put("windowsVirtualKeyCode", code));
    }

    /** Presses a key that is no character, with Shift held. */
    void shift(String name, int code) throws InterruptedException {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            ObjectNode key = object().put("type", type)
                    .put("key", name)
                    .put("code", name)
                    .put("modifiers", 8);
            call("Input.dispatchKeyEvent", key.put("windowsVirtualKeyCode", code));
        }
    }

    /** Presses the first button with this label. */
    void press(String label) throws InterruptedException {
        String button =
                "[...document.querySelectorAll('button')].find(b => b.checkVisibility() && !b.disabled && (b.textContent === '"
                        + label + "' || b.getAttribute('aria-label') === '" + label + "'))";
        await("a button " + label, button);
        value(button + ".click()");
    }

    void size(int width, int height) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                object().put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    void shot(Path file) throws IOException, InterruptedException {
        String data = call("Page.captureScreenshot", object()).path("data").asText();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    /** Errors that the page or the browser about it told so far; read once. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.removeAll(all);
        return all;
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.close();
    }
}
