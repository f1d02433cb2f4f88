package io.postern.pki;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;

/** The body of {@code .well-known/est/cacerts}: base64, 64 columns, of a certs-only PKCS#7 (SDK sheet 1.3). */
public final class TrustBundle {
    private TrustBundle() {}

    public static String toPkcs7Base64(Collection<X509Certificate> certificates) {
        try {
            var generator = new CMSSignedDataGenerator();
            generator.addCertificates(new JcaCertStore(certificates));
            CMSSignedData data = generator.generate(new CMSAbsentContent());
            return Pem.lines(data.toASN1Structure().getEncoded("DER"));
        } catch (CMSException | CertificateException | IOException e) {
            throw new PkiException("trust bundle cannot be made", e);
        }
    }

    /** @throws PkiException when the text is no certs-only PKCS#7 */
    public static List<X509Certificate> parse(String pkcs7Base64) {
        try {
            var data = new CMSSignedData(Base64.getMimeDecoder().decode(pkcs7Base64));
            var found = new ArrayList<X509Certificate>();
            for (X509CertificateHolder holder : data.getCertificates().getMatches(null)) {
                if (found.size() == Certificates.MAX_CHAIN) {
                    throw new PkiException("trust bundle holds more than " + Certificates.MAX_CHAIN + " certificates");
                }
                found.add(new JcaX509CertificateConverter().getCertificate(holder));
            }
            return List.copyOf(found);
        } catch (CMSException | CertificateException | IllegalArgumentException e) {
            throw new PkiException("trust bundle cannot be read", e);
        }
    }
}
