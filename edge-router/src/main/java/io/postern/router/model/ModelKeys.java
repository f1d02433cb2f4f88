package io.postern.router.model;

import io.postern.pki.Certificates;
import io.postern.pki.ChainVerifier;
import io.postern.pki.PkiException;
import io.postern.wire.edgectrl.pb.DataState;
import io.postern.wire.edgectrl.pb.DataState.PublicKey.Format;
import io.postern.wire.edgectrl.pb.DataState.PublicKey.Usage;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The model's keys, decoded: which sign tokens, and which client certificates may chain to. Immutable. */
final class ModelKeys {
    static final ModelKeys NONE = new ModelKeys(List.of());
    private static final Logger LOG = Logger.getLogger(ModelKeys.class);

    private final Map<String, PublicKey> signing = new HashMap<>();
    private final ChainVerifier firstParty;

    ModelKeys(Collection<DataState.PublicKey> keys) {
        List<X509Certificate> authorities = new ArrayList<>();
        for (DataState.PublicKey key : keys) {
            try {
                add(key, authorities);
            } catch (PkiException | GeneralSecurityException e) {
                LOG.warnf("model.key.unreadable kid=%s cause=%s", key.getKid(), e.getMessage());
            }
        }
        firstParty = new ChainVerifier(authorities);
    }

    private void add(DataState.PublicKey key, List<X509Certificate> authorities) throws GeneralSecurityException {
        byte[] data = key.getData().toByteArray();
        if (key.getFormat() == Format.X509CertDer) {
            X509Certificate certificate = Certificates.fromDer(data);
            if (key.getUsagesList().contains(Usage.ClientX509CertValidation)) {
                authorities.add(certificate);
            }
            if (key.getUsagesList().contains(Usage.JWTValidation)) {
                signing.put(key.getKid(), certificate.getPublicKey());
            }
        } else if (key.getUsagesList().contains(Usage.JWTValidation)) {
            signing.put(key.getKid(), pkix(data));
        }
    }

    private static PublicKey pkix(byte[] data) throws GeneralSecurityException {
        X509EncodedKeySpec spec = new X509EncodedKeySpec(data);
        try {
            return KeyFactory.getInstance("EC").generatePublic(spec);
        } catch (GeneralSecurityException e) {
            return KeyFactory.getInstance("RSA").generatePublic(spec);
        }
    }

    Optional<PublicKey> signing(String kid) {
        return Optional.ofNullable(signing.get(kid));
    }

    ChainVerifier firstParty() {
        return firstParty;
    }
}
