package org.posthorn.filter.dnsbl;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range of addresses: {@code 192.168.0.0/16}, {@code fc00::/7}, or a single one. */
record Network(byte[] address, int bits) {

    /** @throws IllegalArgumentException when it is none */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // Anything else would be looked up in the DNS as a name.
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) throw new IllegalArgumentException(text);
        try {
            byte[] octets = InetAddress.getByName(address).getAddress();
            int bits = slash < 0 ? octets.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > octets.length * 8) throw new IllegalArgumentException(text);
            return new Network(octets, bits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    boolean holds(InetAddress other) {
        byte[] octets = other.getAddress();
        if (octets.length != address.length) return false;
        int rest = address.length * 8 - bits;
        return new BigInteger(1, octets).shiftRight(rest).equals(new BigInteger(1, address).shiftRight(rest));
    }
}
