package org.posthorn.filter.greylist;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * Who writes to whom from where.
 *
 * @param network the client's /24 (IPv4) or /64 (IPv6): large senders come back from another address
 * @param triplet a hash of the three, which has one length however long the addresses are, and betrays nobody
 */
record Meeting(String network, String triplet) {

    static Meeting of(InetAddress client, Optional<Address> sender, Address recipient) {
        byte[] octets = client.getAddress();
        int kept = octets.length == 4 ? 3 : 8;
        String network = (kept == 3 ? "4:" : "6:") + HexFormat.of().formatHex(octets, 0, kept);
        String from = sender.map(s -> s.folded().toString()).orElse("");
        return new Meeting(network, hash(network + "\n" + from + "\n" + recipient.folded()));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
