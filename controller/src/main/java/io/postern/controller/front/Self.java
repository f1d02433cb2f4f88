package io.postern.controller.front;

import io.postern.controller.boot.PosternConfig;
import io.postern.controller.channel.ControllerSelf;
import io.postern.controller.pki.Advertised;
import io.postern.controller.pki.KeyEntry;
import io.postern.controller.pki.Pki;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.util.List;

/** This controller as routers know it. */
@Singleton
public class Self implements ControllerSelf {
    /** The version of OpenZiti that clients and routers see, and switch behaviour by (SDK sheet 2.1). */
    public static final String VERSION = "v2.0.0";

    private final PosternConfig config;
    private final Advertised advertised;
    private final Pki pki;

    Self(PosternConfig config, Advertised advertised, Pki pki) {
        this.config = config;
        this.advertised = advertised;
        this.pki = pki;
    }

    @Override
    public String id() {
        return config.controllerId();
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public String controlAddress() {
        return advertised.controlAddress();
    }

    @Override
    public List<X509Certificate> authorities() {
        return pki.trustBundle();
    }

    @Override
    public List<X509Certificate> signers() {
        return pki.jwtKeys().stream().map(KeyEntry::certificate).toList();
    }
}
