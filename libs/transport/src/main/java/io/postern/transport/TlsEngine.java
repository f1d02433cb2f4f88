package io.postern.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.Locale;

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

    SslProvider provider() {
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
