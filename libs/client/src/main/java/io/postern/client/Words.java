package io.postern.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Says in a few words what an exception of the network means. */
final class Words {
    private Words() {}

    static String of(Throwable e) {
        if (e instanceof NoAnswer no) {
            return no.why();
        }
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof UnknownHostException)) {
            root = root.getCause();
        }
        if (root instanceof UnknownHostException || root instanceof UnresolvedAddressException) {
            return "no such host";
        }
        if (e instanceof SocketTimeoutException || e instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (e instanceof ConnectException) {
            return "connection refused";
        }
        if (e instanceof SSLException) {
            return "TLS: " + root.getMessage();
        }
        return e instanceof IOException && root.getMessage() != null
                ? root.getMessage()
                : e.getClass().getSimpleName();
    }
}
