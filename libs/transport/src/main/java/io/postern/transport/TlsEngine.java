package io.postern.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jboss.logging.Logger;

/** Which TLS implementation to use: BoringSSL does twice the work of the JDK's per core. */
public enum TlsEngine {
    AUTO,
    JDK,
    OPENSSL;

    private static final AtomicBoolean TOLD = new AtomicBoolean();

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

    /** BoringSSL, or for want of it the JDK's, which is said: the process works, and takes twice the CPU for it. */
    private static SslProvider best() {
        if (OpenSsl.isAvailable()) {
            return SslProvider.OPENSSL;
        }
        if (!TOLD.getAndSet(true)) {
            // a logger of the class would be made as the program begins, which is too early
            Logger.getLogger(TlsEngine.class)
                    .warnf("tls.engine=jdk BoringSSL does not work here: %s", OpenSsl.unavailabilityCause());
        }
        return SslProvider.JDK;
    }

    /** Netty's name for it. @throws UnsatisfiedLinkError {@code OPENSSL} is asked for, and does not work here */
    public SslProvider provider() {
        return switch (this) {
            case JDK -> SslProvider.JDK;
            case AUTO -> best();
            case OPENSSL -> {
                OpenSsl.ensureAvailability();
                yield SslProvider.OPENSSL;
            }
        };
    }
}
