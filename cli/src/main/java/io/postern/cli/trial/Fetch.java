package io.postern.cli.trial;

import io.postern.cli.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One HTTP request over a given socket, to the end of its answer. */
record Fetch(String status, long bytes, Duration firstByte, Duration whole) {
    private static final long MOST = 64L * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LINE = 8 * 1024;

    /** Gets {@code site} by way of {@code at}, where something listens that leads to it. */
    static Fetch of(Site site, InetSocketAddress at) {
        return of(site, at, PATIENCE);
    }

    /** @throws Failure with what came instead of an answer */
    static Fetch of(Site site, InetSocketAddress at, Duration patience) {
        try {
            return fetched(site, at, (int) patience.toMillis());
        } catch (SocketTimeoutException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "The overlay led to " + site.authority() + ", which says nothing for " + patience.toSeconds()
                            + " s.");
        } catch (SSLException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "The overlay led to " + site.authority()
                            + (Failure.isOfTrust(e)
                                    ? ", whose certificate this machine does not trust: " + e.getMessage()
                                    : ", which does not speak TLS (" + e.getMessage() + "): is it http://?"));
        } catch (IOException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "The overlay led to " + site.authority() + ", but "
                            + (e instanceof SocketException ? "the connection broke: " : "") + e.getMessage() + ".");
        }
    }

    private static Fetch fetched(Site site, InetSocketAddress at, int patienceMillis) throws IOException {
        long begin = System.nanoTime();
        try (Socket plain = new Socket()) {
            plain.connect(at, patienceMillis);
            plain.setSoTimeout(patienceMillis);
            Socket socket = site.tls() ? secured(plain, site) : plain;
            String request = "GET " + site.path() + " HTTP/1.1\r\nHost: " + site.authority()
                    + "\r\nUser-Agent: postern\r\nAccept: */*\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String status = line(in);
            Duration first = Duration.ofNanos(System.nanoTime() - begin);
            if (!status.startsWith("HTTP/")) {
                throw new IOException(status.isEmpty() ? "no answer came" : "the answer is not HTTP");
            }
            while (!line(in).isEmpty()) {
                // Heads are of no interest.
            }
            long bytes = 0;
            byte[] piece = new byte[64 * 1024];
            for (int n = in.read(piece); n >= 0 && bytes <= MOST; n = in.read(piece)) {
                bytes += n;
            }
            return new Fetch(status, bytes, first, Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() >= LINE) {
                throw new IOException("the answer has a line of more than " + LINE + " bytes");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private static Socket secured(Socket plain, Site site) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket tls = (SSLSocket) factory.createSocket(plain, site.host(), site.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }
}
