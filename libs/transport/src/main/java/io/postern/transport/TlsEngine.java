package io.postern.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Which TLS implementation to use: BoringSSL does twice the work of the JDK's per core. */
public enum TlsEngine {
    AUTO,
    JDK,
    OPENSSL;

    /** @throws IllegalArgumentException a sentence that lists the values */
    public static TlsEngine parse(String text) {
        try {
            return valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("TLS engine " + text + " is none of auto, jdk, openssl");
        }
    }

    /**
     * Begins, on a thread of its own, what the first use of TLS in a process waits for, also with BoringSSL: the JDK's own
     * implementation finds out what it can, and that takes a tenth of a second. For programs that have other things to do while
     * they start. Nothing but the JDK is touched, for logging must not be set up by two threads at once.
     */
    public static void prepare() {
        Thread.ofPlatform().daemon().name("tls-engine").start(() -> {
            try {
                SSLContext tls = SSLContext.getInstance("TLS");
                tls.init(null, new TrustManager[0], null);
                tls.getSupportedSSLParameters();
            } catch (GeneralSecurityException e) {
                // whoever needs it is told
            }
        });
    }

    /** Netty's name for it. @throws UnsatisfiedLinkError {@code OPENSSL} is asked for, and does not work here */
    public SslProvider provider() {
        return switch (this) {
            case JDK -> SslProvider.JDK;
            case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
            case OPENSSL -> {
                OpenSsl.ensureAvailability();
                yield SslProvider.OPENSSL;
            }
        };
    }
}
