package io.postern.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Subject alternative names to and from ASN.1. */
final class SanNames {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private SanNames() {}

    static boolean isAddress(String host) {
        return ADDRESS.matcher(host).matches();
    }

    static GeneralNames write(List<San> sans) {
        return new GeneralNames(sans.stream().map(SanNames::write).toArray(GeneralName[]::new));
    }

    private static GeneralName write(San san) {
        return switch (san) {
            case San.Dns dns -> new GeneralName(GeneralName.dNSName, dns.value());
            case San.Ip ip -> new GeneralName(GeneralName.iPAddress, ip.value());
            case San.Uri uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri.value());
            case San.Email email -> new GeneralName(GeneralName.rfc822Name, email.value());
        };
    }

    /** Kinds that nothing here uses are left out. */
    static List<San> read(GeneralNames names) {
        var sans = new ArrayList<San>();
        for (GeneralName name : names.getNames()) {
            switch (name.getTagNo()) {
                case GeneralName.dNSName -> sans.add(new San.Dns(name.getName().toString()));
                case GeneralName.uniformResourceIdentifier ->
                    sans.add(new San.Uri(name.getName().toString()));
                case GeneralName.rfc822Name ->
                    sans.add(new San.Email(name.getName().toString()));
                case GeneralName.iPAddress -> sans.add(new San.Ip(address(name)));
                default -> {}
            }
        }
        return List.copyOf(sans);
    }

    private static String address(GeneralName name) {
        try {
            byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            throw new PkiException("an IP subject alternative name has neither 4 nor 16 bytes");
        }
    }
}
