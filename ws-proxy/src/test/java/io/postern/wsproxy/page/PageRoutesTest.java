package io.postern.wsproxy.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PageRoutesTest {
    private static final String HTML = "text/html,application/xhtml+xml";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        new PageRoutes().install(router);
        router.get("/").handler(context -> context.response().end("versions"));
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Test
    void onlyWhoAsksForHtmlGetsThePageAtTheRoot() throws Exception {
        assertThat(new String(get("/", "Accept", HTML).body(), StandardCharsets.UTF_8))
                .contains("/page/app.js");
        assertThat(new String(get("/", "Accept", "application/json").body(), StandardCharsets.UTF_8))
                .isEqualTo("versions");
        assertThat(new String(get("/").body(), StandardCharsets.UTF_8)).isEqualTo("versions");
    }

    @Test
    void thePolicyAllowsNothingInlineAndNoFrame() throws Exception {
        for (String path : new String[] {"/", "/page/app.js", "/page/none"}) {
            HttpResponse<byte[]> answer = get(path, "Accept", HTML);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "frame-ancestors 'none'", "trusted-types 'none'")
                    .doesNotContain("unsafe", "*");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        }
    }

    @Test
    void thePageNeedsNothingThatThePolicyForbids() throws Exception {
        String page = new String(get("/", "Accept", HTML).body(), StandardCharsets.UTF_8);
        assertThat(page).doesNotContain("<style", " style=", "javascript:", "onclick", "http://", "https://");
        Matcher script = Pattern.compile("<script[^>]*>([^<]*)</script>").matcher(page);
        while (script.find()) {
            assertThat(script.group(1)).isBlank();
        }
        Matcher part = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"").matcher(page);
        while (part.find()) {
            assertThat(get(part.group(1)).statusCode()).as(part.group(1)).isEqualTo(200);
        }
    }

    @Test
    void whatABrowserHasIsNotSentAgain() throws Exception {
        HttpResponse<byte[]> first = get("/page/app.js");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(get("/page/app.js", "If-None-Match", "\"other\", W/" + tag).statusCode())
                .isEqualTo(304);
        assertThat(get("/page/app.js", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get("/page/app.css").headers().firstValue("ETag").orElseThrow())
                .isNotEqualTo(tag);
    }

    @Test
    void compressedOrNotItIsTheSame() throws Exception {
        byte[] plain = get("/page/app.js").body();
        HttpResponse<byte[]> small = get("/page/app.js", "Accept-Encoding", "br, gzip;q=0.8");
        assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(small.body()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain);
        }
        assertThat(get("/page/app.js", "Accept-Encoding", "gzip;q=0").body()).isEqualTo(plain);
    }

    @Test
    void noNameLeadsOutOfThePage() throws Exception {
        for (String path : new String[] {
            "/page/",
            "/page/../application.properties",
            "/page/%2e%2e/application.properties",
            "/page/index.html/",
            "/page//app.js",
            "/page/app.js%00"
        }) {
            assertThat(get(path, "Accept", HTML).statusCode()).as(path).isBetween(400, 404);
        }
    }
}
