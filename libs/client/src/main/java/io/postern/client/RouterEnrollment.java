package io.postern.client;

import java.util.List;

/**
 * What an edge router has after enrolling.
 *
 * @param routerId the router's id, also the common name of its certificates
 * @param controller base address of the controller that enrolled it
 * @param controllers control channel addresses such as {@code tls:host:6262}; may be empty
 * @param key PEM of the private key of both certificates
 * @param cert PEM of the client certificate chain, leaf first
 * @param serverCert PEM of the server certificate chain, leaf first
 * @param ca PEM of the trust bundle
 */
public record RouterEnrollment(
        String routerId,
        String controller,
        List<String> controllers,
        String key,
        String cert,
        String serverCert,
        String ca) {
    public RouterEnrollment {
        controllers = List.copyOf(controllers);
    }

    @Override
    public String toString() {
        return "RouterEnrollment[" + routerId + ", key=***]";
    }
}
