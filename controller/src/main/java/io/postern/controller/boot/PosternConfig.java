package io.postern.controller.boot;

import io.postern.transport.TlsEngine;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Configuration of the controller, prefix {@code postern}; environment variables such as {@code POSTERN_BIND_PORT}. The
 * database ({@code postern.db.url}, {@code .username}, {@code .password}) is read by the boot: without a URL an embedded
 * PostgreSQL is started.
 */
@ConfigMapping(prefix = "postern")
public interface PosternConfig {
    /** Folder of what this controller keeps beside the database: the embedded PostgreSQL and the key file. */
    @WithDefault("${user.home}/.postern/controller")
    String dataFolder();

    /** {@code host:port} under which others reach this controller; by default localhost and the port that it listens on. */
    Optional<String> advertise();

    /**
     * {@code host:port} under which routers reach this controller and no other; by default what is advertised. Controllers
     * behind one balancer need none: routers dial the balancer until each controller has answered.
     */
    Optional<String> controlAdvertise();

    /** Name of this controller, another one for each controller over a database; part of its certificate and of what routers and clients are told. */
    @WithDefault("ctrl1")
    String controllerId();

    /** File with the secret that seals private keys in the database; {@code pki.key} in the data folder by default. */
    Optional<String> keyFile();

    /** Domain of SPIFFE ids in issued certificates. Set once, before the first identity enrolls. */
    @WithDefault("postern")
    String trustDomain();

    Bind bind();

    /** How long a request of the APIs may take; then it gets 503, and what it began may still be done. Half a minute or more. */
    @WithDefault("30S")
    Duration answer();

    Https https();

    Authority pki();

    Sessions sessions();

    Enrollment enrollment();

    Oidc oidc();

    Admin admin();

    Db db();

    /** Where the one HTTPS and control port listens. */
    interface Bind {
        /** Address to listen at. */
        @WithDefault("127.0.0.1")
        String host();

        /** Port to listen at; 0 for any free one. */
        @WithDefault("1280")
        int port();
    }

    /** The HTTPS leaf. Its key signs enrollment tokens. */
    interface Https {
        /**
         * Further names or addresses under which clients and routers call this controller, such as that of a Service: its
         * certificate names them beside those that are advertised.
         */
        Optional<List<String>> names();

        /** {@code rsa2048}, {@code ec256} or {@code ec384}; released C SDKs enroll with RSA only. */
        @WithDefault("rsa2048")
        String keyType();

        /** {@code auto}, {@code jdk} or {@code openssl}. */
        @WithDefault("auto")
        TlsEngine engine();
    }

    /** An authority that is to be the network's root; without one the controller makes one. */
    interface Authority {
        /** PEM file: the authority's certificate, then those above it. */
        Optional<String> cert();

        /** PEM file: its private key. */
        Optional<String> key();
    }

    /** How long sessions last. */
    interface Sessions {
        /** An API Session ends when it was not used for so long. */
        @WithDefault("30m")
        Duration apiSession();

        /**
         * Longest life of an API Session's token. Clients keep it while they keep the session in use, and routers close
         * channels whose token has ended, so it is far longer than {@link #apiSession}.
         */
        @WithDefault("30d")
        Duration token();

        /** Longest life of a Session; it ends with its API Session at the latest. Clients keep Sessions and never renew. */
        @WithDefault("365d")
        Duration session();
    }

    /** Logins by OpenID Connect. */
    interface Oidc {
        /** Offers them ({@code OIDC_AUTH} in {@code /version}); without it clients take the legacy flow. */
        @WithDefault("true")
        boolean enabled();

        /**
         * Life of an access token of client {@code native}, which tells routers when it renews. Client {@code openziti} gets
         * {@link Sessions#token}: the JVM SDK reopens channels with the token of its login only.
         */
        @WithDefault("30m")
        Duration accessToken();

        /** Life of a refresh token, and of an API Session whose client sleeps. Each use gives a new one. */
        @WithDefault("24h")
        Duration refreshToken();

        /** How long an authorization code is good. */
        @WithDefault("1m")
        Duration code();
    }

    /** How long enrollment tokens are good. */
    interface Enrollment {
        /** Life of an identity's token, unless its creator says otherwise. */
        @WithDefault("3h")
        Duration identity();

        /** Life of an edge router's token. */
        @WithDefault("3h")
        Duration router();
    }

    /** The first administrator, made when there is none. */
    interface Admin {
        /** Its name. */
        @WithDefault("admin")
        String username();

        /** Without one a password is made up and shown once. */
        Optional<String> password();

        /**
         * For one start: when the password is lost, the first administrator gets {@code postern.admin.password} or one that
         * is made up and shown once, and is enabled.
         */
        @WithDefault("false")
        boolean reset();
    }

    /** The database; see the boot. */
    interface Db {
        /** {@code postgresql://host:port/name} of a PostgreSQL of yours; without one an embedded PostgreSQL is started. */
        Optional<String> url();

        /** Name to log in with. */
        Optional<String> username();

        /** Password to log in with. */
        Optional<String> password();

        /** How long a start waits for a database that does not answer yet; one that refuses the login ends it at once. */
        @WithDefault("30S")
        Duration patience();

        /**
         * How long the database's machine may leave unacknowledged what it was sent; then its connections are given up. And how long
         * a transaction may wait for this controller's next word; then the database rolls it back, and others have its rows.
         */
        @WithDefault("10S")
        Duration silence();
    }
}
