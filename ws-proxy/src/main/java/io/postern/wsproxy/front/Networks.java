package io.postern.wsproxy.front;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Addresses and networks in CIDR form. */
final class Networks {
    private record Network(byte[] address, int bits) {}

    private final List<Network> networks = new ArrayList<>();

    /** @throws IllegalArgumentException when one is no address */
    Networks(List<String> texts) {
        for (String text : texts) {
            String[] parts = text.strip().split("/", 2);
            if (!parts[0].matches("[0-9a-fA-F.:]+")) {
                throw new IllegalArgumentException("'" + text + "' is no address or network");
            }
            byte[] address = bytes(parts[0]);
            networks.add(new Network(address, parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1])));
        }
    }

    boolean contain(String address) {
        if (networks.isEmpty() || !address.matches("[0-9a-fA-F.:]+")) {
            return false;
        }
        byte[] asked = bytes(address);
        return networks.stream().anyMatch(network -> matches(network, asked));
    }

    private static boolean matches(Network network, byte[] asked) {
        if (network.address().length != asked.length) {
            return false;
        }
        for (int bit = 0; bit < network.bits(); bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((network.address()[bit >> 3] & mask) != (asked[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + literal + "' is no address");
        }
    }
}
