package io.postern.controller.enrollment;

/**
 * What a router was given.
 *
 * @param fingerprint of the client certificate, by which the control channel knows the router
 * @param caPem what the router shall trust
 */
public record IssuedRouter(
        String routerId, String fingerprint, String leafPem, String clientPem, String serverPem, String caPem) {}
