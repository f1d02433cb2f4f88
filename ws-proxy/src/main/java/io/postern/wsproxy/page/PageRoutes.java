package io.postern.wsproxy.page;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page: at {@code /} to whoever asks for HTML, its parts below {@code /page/}. A list of names is all there is to
 * find, so no path leads anywhere else.
 */
@ApplicationScoped
public class PageRoutes {
    /** Behind the front's guard, before everything else that may be at {@code /}. */
    private static final int ORDER = -99_950;

    /**
     * Only our own files and our own server; nothing inline, no frame around us, no text that becomes markup or script.
     * The terminal's styles go through the CSSOM, which needs no exception.
     */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String[] NAMES = {"app.js", "app.css", "icon.svg", "LICENSE-xterm.txt"};

    private final PageFile index = PageFile.of("index.html");
    private final Map<String, PageFile> files = new LinkedHashMap<>();

    PageRoutes() {
        for (String name : NAMES) {
            files.put("/page/" + name, PageFile.of(name));
        }
    }

    void install(@Observes Router router) {
        router.route("/").order(ORDER).handler(context -> {
            String accepted = context.request().getHeader("Accept");
            if (isRead(context.request()) && accepted != null && accepted.contains("text/html")) {
                send(context, index);
            } else {
                context.next();
            }
        });
        router.route("/page/*").order(ORDER).handler(context -> {
            PageFile file = files.get(context.request().path());
            if (file == null || !isRead(context.request())) {
                headers(context.response())
                        .setStatusCode(file == null ? 404 : 405)
                        .end();
            } else {
                send(context, file);
            }
        });
    }

    private static boolean isRead(HttpServerRequest request) {
        return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    }

    private static void send(RoutingContext context, PageFile file) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = headers(context.response())
                .putHeader("Cache-Control", "no-cache") // kept, and asked about each time: a new page is seen at once
                .putHeader("Vary", "Accept, Accept-Encoding")
                .putHeader("ETag", file.tag());
        String known = request.getHeader("If-None-Match");
        if (known != null && file.isAmong(known)) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", file.type());
        boolean small = takesGzip(request.getHeader("Accept-Encoding"));
        if (small) {
            response.putHeader("Content-Encoding", "gzip");
        }
        var body = small ? file.gzip() : file.plain();
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader("Content-Length", String.valueOf(body.length())).end();
        } else {
            response.end(body);
        }
    }

    private static boolean takesGzip(@Nullable String encodings) {
        return encodings != null
                && Arrays.stream(encodings
                                .toLowerCase(Locale.ROOT)
                                .replace(" ", "")
                                .split(","))
                        .anyMatch(one -> one.equals("gzip") || one.matches("gzip;q=(1(\\.0*)?|0\\.\\d*[1-9]\\d*)"));
    }

    private static HttpServerResponse headers(HttpServerResponse response) {
        return response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Strict-Transport-Security", "max-age=31536000")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }
}
