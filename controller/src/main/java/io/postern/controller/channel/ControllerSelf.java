package io.postern.controller.channel;

import java.security.cert.X509Certificate;
import java.util.List;

/** What this controller tells routers of itself. Answers may change at run time; any thread. */
public interface ControllerSelf {
    /** The same text in the hello answer, the server certificate's common name and the list of controllers. */
    String id();

    /** Like {@code v2.0.0}; routers refuse less than 1.6.6. */
    String version();

    /** Where routers dial, like {@code tls:host:port}. */
    String controlAddress();

    /** Authorities a router's certificate has to chain to. */
    List<X509Certificate> authorities();

    /** Certificates whose keys sign tokens, newest first. */
    List<X509Certificate> signers();
}
