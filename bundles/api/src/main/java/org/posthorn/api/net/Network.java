package org.posthorn.api.net;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range of addresses: {@code 192.168.0.0/16}, {@code fc00::/7}, or a single one. */
public record Network(InetAddress address, int bits) {

    /** @throws IllegalArgumentException when it is none */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // Anything else would be looked up in the DNS as a name.
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) throw new IllegalArgumentException(text);
        try {
            InetAddress first = InetAddress.getByName(address);
            int longest = first.getAddress().length * 8;
            int bits = slash < 0 ? longest : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > longest) throw new IllegalArgumentException(text);
            return new Network(first, bits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Whether that address is of this network. */
    public boolean holds(InetAddress other) {
        byte[] octets = other.getAddress();
        int rest = octets.length * 8 - bits;
        return octets.length == address.getAddress().length
                && prefix(octets, rest).equals(prefix(address.getAddress(), rest));
    }

    private static BigInteger prefix(byte[] octets, int rest) {
        return new BigInteger(1, octets).shiftRight(rest);
    }
}
