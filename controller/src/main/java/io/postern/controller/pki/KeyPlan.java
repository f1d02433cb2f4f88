package io.postern.controller.pki;

import io.postern.controller.boot.StartRefusal;
import io.postern.controller.pki.KeyEntry.Role;
import io.postern.pki.Authority;
import io.postern.pki.Keys;
import io.postern.pki.San;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which keys are missing or about to end, and makes them. Pure but for random numbers.
 *
 * @param hosts advertised hosts, names of the HTTPS leaf
 * @param keyType of a new HTTPS leaf: rsa2048, ec256, ec384
 * @param given an authority of the operator's that is to be the root; without one a root is made
 */
record KeyPlan(String controllerId, String trustDomain, Set<String> hosts, String keyType, Optional<KeyEntry> given) {
    private static final Duration HTTPS_LIFE = Duration.ofDays(365);
    private static final Duration JWT_LIFE = Duration.ofDays(365 * 3L);
    /** Renewed so long before its end. */
    private static final Duration OVERLAP = Duration.ofDays(60);

    private static final int MOST_NAMES = 64;
    /** Kinds of alternative names, as the platform numbers them. */
    private static final Integer DNS = 2;

    private static final Integer ADDRESS = 7;

    /** The entries to add; empty when everything is there and fresh. */
    List<KeyEntry> missing(List<KeyEntry> have, Instant now) {
        var added = new ArrayList<KeyEntry>();
        KeyEntry root = root(have, added, now);
        Optional<KeyEntry> signing = newest(have, Role.INTERMEDIATE).filter(entry -> isIssuedBy(entry, root));
        KeyEntry signer = signing.orElseGet(() -> {
            Authority authority = root.authority().intermediate(Keys.ec256(), "Postern signer", now);
            return add(added, new KeyEntry(Role.INTERMEDIATE, authority.key(), authority.chain(), now));
        });
        Optional<KeyEntry> https = newest(have, Role.HTTPS);
        if (signing.isEmpty()
                || https.isEmpty()
                || endsSoon(https.get(), now)
                || !hosts.stream().allMatch(host -> names(https.get().certificate(), host))) {
            added.add(https(signer.authority(), https, now));
        }
        Optional<KeyEntry> jwt = newest(have, Role.JWT);
        if (jwt.isEmpty() || endsSoon(jwt.get(), now)) {
            added.add(jwt(signer.authority(), now));
        }
        return added;
    }

    /** The given one where there is one; certificates of a root before it stay good until they end. */
    private KeyEntry root(List<KeyEntry> have, List<KeyEntry> added, Instant now) {
        if (given.isPresent()) {
            return have.stream()
                    .filter(entry -> entry.kid().equals(given.get().kid()))
                    .findFirst()
                    .orElseGet(() -> add(added, given.get()));
        }
        return newest(have, Role.ROOT).orElseGet(() -> {
            Authority authority = Authority.root(Keys.ec256(), "Postern root", now);
            return add(added, new KeyEntry(Role.ROOT, authority.key(), authority.chain(), now));
        });
    }

    private static boolean isIssuedBy(KeyEntry entry, KeyEntry root) {
        if (entry.chain().contains(root.certificate())) {
            // as it is made; a signature is looked at where the root is another certificate of the same key
            return true;
        }
        try {
            entry.certificate().verify(root.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static Optional<KeyEntry> newest(List<KeyEntry> have, Role role) {
        return have.stream().filter(entry -> entry.role() == role).max(Comparator.comparing(KeyEntry::createdAt));
    }

    private static KeyEntry add(List<KeyEntry> list, KeyEntry entry) {
        list.add(entry);
        return entry;
    }

    private static boolean endsSoon(KeyEntry entry, Instant now) {
        return entry.expiresAt().isBefore(now.plus(OVERLAP));
    }

    /** A renewed leaf keeps its key, so that enrollment tokens signed with it stay good. */
    private KeyEntry https(Authority signer, Optional<KeyEntry> before, Instant now) {
        KeyPair keys = before.map(entry -> new KeyPair(entry.certificate().getPublicKey(), entry.key()))
                .orElseGet(this::newHttpsKey);
        Set<San> sans =
                new LinkedHashSet<>(List.of(new San.Dns("localhost"), new San.Ip("127.0.0.1"), new San.Ip("::1")));
        hosts.forEach(host -> sans.add(San.host(host)));
        // controllers share the leaf: one that has another name keeps those of the others in it
        before.ifPresent(entry -> names(entry.certificate()).stream()
                .filter(name -> sans.stream().noneMatch(san -> sameName(name, san.value())))
                .limit(MOST_NAMES)
                .toList()
                .forEach(name -> sans.add(San.host(name))));
        sans.add(new San.Uri("spiffe://" + trustDomain + "/controller/" + controllerId));
        X509Certificate leaf =
                signer.issue(keys.getPublic(), controllerId, sans, Authority.Usage.PEER, now, HTTPS_LIFE);
        return new KeyEntry(Role.HTTPS, keys.getPrivate(), signer.withIntermediates(leaf), now);
    }

    private KeyEntry jwt(Authority signer, Instant now) {
        KeyPair keys = Keys.ec256();
        X509Certificate certificate = signer.issue(
                keys.getPublic(), controllerId + " tokens", List.of(), Authority.Usage.PEER, now, JWT_LIFE);
        return new KeyEntry(Role.JWT, keys.getPrivate(), signer.withIntermediates(certificate), now);
    }

    private KeyPair newHttpsKey() {
        return switch (keyType) {
            case "rsa2048" -> Keys.rsa(2048);
            case "ec256" -> Keys.ec256();
            case "ec384" -> Keys.ec384();
            default ->
                throw StartRefusal.SETTING.because(
                        "postern.https.key-type is " + keyType + ", not rsa2048, ec256 or ec384");
        };
    }

    private static boolean names(X509Certificate leaf, String host) {
        return names(leaf).stream()
                .anyMatch(name -> sameName(name, San.host(host).value()));
    }

    /** The hosts and addresses that a certificate names. */
    private static List<String> names(X509Certificate leaf) {
        try {
            var names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> DNS.equals(name.get(0)) || ADDRESS.equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static boolean sameName(String found, String wanted) {
        return found.equalsIgnoreCase(wanted) || (wanted.equals("::1") && found.equals("0:0:0:0:0:0:0:1"));
    }
}
