package org.posthorn.jmap;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Addresses that anybody can reach, and not this machine's neighbours alone: a client may name a URL, and have this server speak to nothing that it could not speak to itself. */
final class PublicAddress {

    /** Of the registries of special-purpose addresses, RFC 6890, what is not globally reachable, and what leads to another address that stands within. */
    private static final List<Block> OTHERS = List.of(
            new Block("0.0.0.0", 8),
            new Block("10.0.0.0", 8),
            new Block("100.64.0.0", 10),
            new Block("127.0.0.0", 8),
            new Block("169.254.0.0", 16),
            new Block("172.16.0.0", 12),
            new Block("192.0.0.0", 24),
            new Block("192.0.2.0", 24),
            new Block("192.88.99.0", 24),
            new Block("192.168.0.0", 16),
            new Block("198.18.0.0", 15),
            new Block("198.51.100.0", 24),
            new Block("203.0.113.0", 24),
            new Block("224.0.0.0", 4),
            new Block("240.0.0.0", 4));

    /** All else of IPv6 is none. */
    private static final Block GLOBAL_UNICAST = new Block("2000::", 3);

    private static final List<Block> NOT_GLOBAL = List.of(
            new Block("2001::", 23), new Block("2001:db8::", 32), new Block("2002::", 16), new Block("3fff::", 20));

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? OTHERS.stream().noneMatch(b -> b.has(octets))
                : GLOBAL_UNICAST.has(octets) && NOT_GLOBAL.stream().noneMatch(b -> b.has(octets));
    }

    /** All that begin with the same bits. */
    private record Block(byte[] first, int bits) {
        Block(String first, int bits) {
            this(octets(first), bits);
        }

        private static byte[] octets(String literal) {
            try {
                return InetAddress.getByName(literal).getAddress();
            } catch (UnknownHostException e) {
                throw new IllegalStateException(literal + " is no address", e);
            }
        }

        boolean has(byte[] address) {
            int whole = bits / 8;
            if (!Arrays.equals(address, 0, whole, first, 0, whole)) return false;
            int rest = 0xFF << (8 - bits % 8);
            return bits % 8 == 0 || ((address[whole] ^ first[whole]) & rest & 0xFF) == 0;
        }
    }
}
