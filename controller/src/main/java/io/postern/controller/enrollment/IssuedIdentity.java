package io.postern.controller.enrollment;

/**
 * What an identity was given.
 *
 * @param chainPem leaf first, root left out
 */
public record IssuedIdentity(String identityId, String fingerprint, String leafPem, String chainPem) {}
