package io.postern.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postern.testkit.TrustAny;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody who logged in at the proxy with a password. */
final class ConsoleUser {
    private final HttpClient http = client();
    private final URI base;
    private final String id;
    private final String name;
    private final String password;
    private final List<String> secrets = new ArrayList<>();
    private String token = "";

    ConsoleUser(URI base, String id, String name, String password) {
        this.base = base;
        this.id = id;
        this.name = name;
        this.password = password;
        secrets.add(password);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(TrustAny.context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    String password() {
        return password;
    }

    String token() {
        return token;
    }

    /** Tokens, tickets and the password: what may stand in no log. */
    List<String> secrets() {
        return secrets;
    }

    ConsoleUser login() {
        Rest.Answer answer =
                call("POST", "/v1/login", Rest.object().put("username", name).put("password", password));
        Rest.expect("login of " + name, answer, 200);
        token = answer.body().path("token").asText();
        secrets.add(token);
        return this;
    }

    Rest.Answer call(String method, String path, @Nullable JsonNode body) {
        HttpResponse<String> response = send(method, path, body);
        return new Rest.Answer(response.statusCode(), Rest.parse(response.body()));
    }

    /** What is at a path, as it is. */
    String text(String path) {
        HttpResponse<String> response = send("GET", path, null);
        if (response.statusCode() != 200) {
            throw new Failed("GET " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> send(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Failed(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", e);
        }
    }

    private static String path(String container) {
        return "/v1/hosts/" + ConsoleNetwork.HOST + "/containers/" + container;
    }

    ConsoleSocket attach(String container, boolean observe) throws InterruptedException {
        return ConsoleSocket.open(http, base, path(container) + "/attach?observe=" + observe, token);
    }

    /** A command with its input open. */
    ConsoleSocket exec(String container, boolean tty, String... command) throws InterruptedException {
        StringBuilder path = new StringBuilder(path(container))
                .append("/exec?stdin=true&tty=")
                .append(tty);
        for (String word : command) {
            path.append("&command=")
                    .append(URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return ConsoleSocket.open(http, base, path.toString(), token);
    }

    /** A shell that answers: what it prints is not what was typed. */
    ConsoleSocket shell(String container) throws InterruptedException {
        ConsoleSocket shell = exec(container, false, "sh");
        shell.exchange("echo rea$((1+1))dy\n", "rea2dy");
        return shell;
    }

    /** The URL of a ticket for a shell. */
    String ticket(String container) {
        ObjectNode wish = Rest.object()
                .put("action", "exec")
                .put("host", ConsoleNetwork.HOST)
                .put("container", container)
                .put("tty", false);
        wish.putArray("command").add("sh");
        Rest.Answer answer = call("POST", "/v1/tickets", wish);
        if (answer.status() / 100 != 2) {
            Rest.expect("ticket", answer, 201);
        }
        secrets.add(answer.body().path("ticket").asText());
        return answer.body().path("url").asText();
    }

    /** Opens an address that has all it needs in itself. */
    ConsoleSocket open(String url) throws InterruptedException {
        URI address = base.resolve(url.replaceFirst("^wss:", "https:"));
        return ConsoleSocket.open(http, base, address.getRawPath() + "?" + address.getRawQuery(), "");
    }

    /** The status with which it is refused, 101 when it is not. */
    static int status(Opening opening) throws InterruptedException {
        try (ConsoleSocket opened = opening.open()) {
            return 101;
        } catch (ConsoleSocket.Refused refused) {
            return refused.status;
        }
    }

    /** Opens a console. */
    @FunctionalInterface
    interface Opening {
        ConsoleSocket open() throws InterruptedException;
    }
}
