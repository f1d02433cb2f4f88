package io.postern.client.hosting;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/** {@code allowedAddresses} of host.v1: exact names, {@code *.suffix}, addresses, CIDR blocks. Fabric sheet 6.3. */
final class AddressFilter {
    private AddressFilter() {}

    static boolean allows(List<String> allowed, AppData data) {
        String host = data.host().toLowerCase(Locale.ROOT);
        for (String each : allowed) {
            String rule = each.toLowerCase(Locale.ROOT);
            if (!host.isEmpty() && (rule.equals(host) || rule.startsWith("*.") && host.endsWith(rule.substring(1)))) {
                return true;
            }
            if (host.isEmpty() && (rule.equals(data.ip()) || inBlock(rule, data.ip()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean inBlock(String rule, String ip) {
        int slash = rule.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(ip);
        if (slash < 0
                || address == null
                || !NetUtil.isValidIpV4Address(rule.substring(0, slash)) && rule.indexOf(':') < 0) {
            return false;
        }
        try {
            IpSubnetFilterRule block = new IpSubnetFilterRule(
                    rule.substring(0, slash), Integer.parseInt(rule.substring(slash + 1)), IpFilterRuleType.ACCEPT);
            return block.matches(new InetSocketAddress(java.net.InetAddress.getByAddress(address), 1));
        } catch (IllegalArgumentException | java.net.UnknownHostException e) {
            return false;
        }
    }
}
