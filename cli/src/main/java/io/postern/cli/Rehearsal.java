package io.postern.cli;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.postern.client.IdentityFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import picocli.CommandLine;

/**
 * Runs the short verbs once against a stand-in of a controller in this process, so that the JVM can note in its cache what
 * they need. Its certificate comes from a root over an intermediate, and it asks for the caller's, as a controller does.
 * The launcher starts this once after a build; the argument is a folder that {@link RehearsalStage} has prepared.
 */
final class Rehearsal {
    private static final byte[] LIST = """
            {"data":[{"id":"a","name":"web","encryptionRequired":true,"roleAttributes":["web"],"configs":[]}],\
            "meta":{"pagination":{"totalCount":1,"limit":500,"offset":0}}}""".getBytes(StandardCharsets.UTF_8);

    private Rehearsal() {}

    public static void main(String... arguments) throws Exception {
        Logs.toStandardError();
        Class.forName(Main.class.getName());
        Path folder = Path.of(arguments[0]);
        KeyStore store =
                KeyStore.getInstance(folder.resolve("server.p12").toFile(), RehearsalStage.PASSWORD.toCharArray());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new Asking(context(store)));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, LIST.length);
                exchange.getResponseBody().write(LIST);
            }
        });
        server.start();
        try {
            profile(folder, server.getAddress().getPort(), Files.readString(folder.resolve("ca.pem")));
            play();
        } finally {
            server.stop(0);
        }
        System.exit(0); // the HTTP client's threads would hold this up for a minute
    }

    private static void play() {
        run("--version");
        run("--help");
        for (String output : List.of("table", "json", "yaml", "name")) {
            run("list", "services", "-o", output);
        }
        run("show", "service", "web");
        run("profile", "list");
        run("list", "widgets");
    }

    private static void run(String... arguments) {
        CommandLine line = CommandLines.prepared(new Postern(), arguments);
        line.setOut(new PrintWriter(Writer.nullWriter()));
        line.setErr(new PrintWriter(Writer.nullWriter()));
        line.execute(arguments);
    }

    private static void profile(Path folder, int port, String authorities) throws IOException {
        var profile = Json.MAPPER
                .createObjectNode()
                .put("controller", "https://localhost:" + port)
                .put("user", "admin")
                .put("token", "none")
                .put("ca", authorities);
        IdentityFile.writePrivate(folder.resolve("postern/profiles/default.json"), profile.toString());
    }

    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, RehearsalStage.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, new SecureRandom());
        return context;
    }

    /** Asks for the caller's certificate, and goes on without. */
    private static final class Asking extends HttpsConfigurator {
        Asking(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters tls = getSSLContext().getDefaultSSLParameters();
            tls.setWantClientAuth(true);
            parameters.setSSLParameters(tls);
        }
    }
}
