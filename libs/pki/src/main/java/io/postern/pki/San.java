package io.postern.pki;

/** One subject alternative name. */
public sealed interface San {
    String value();

    /** A DNS name. */
    record Dns(String value) implements San {}

    /** An IP address in text form. */
    record Ip(String value) implements San {}

    /** A URI, such as a SPIFFE id. */
    record Uri(String value) implements San {}

    /** An e-mail address. */
    record Email(String value) implements San {}

    /** A host as people write it: an address literal becomes {@link Ip}, anything else {@link Dns}. */
    static San host(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return SanNames.isAddress(bare) ? new Ip(bare) : new Dns(bare);
    }
}
