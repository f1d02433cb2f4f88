package io.postern.controller.channel;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.util.List;

/** A controller without identity: it trusts no certificate, so no router gets in. Stands in where no PKI is set up. */
@Singleton
@DefaultBean
public class UnknownSelf implements ControllerSelf {
    @Override
    public String id() {
        return "unknown";
    }

    @Override
    public String version() {
        return "v2.0.0";
    }

    @Override
    public String controlAddress() {
        return "tls:localhost:1280";
    }

    @Override
    public List<X509Certificate> authorities() {
        return List.of();
    }

    @Override
    public List<X509Certificate> signers() {
        return List.of();
    }
}
