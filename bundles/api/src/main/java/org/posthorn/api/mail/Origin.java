package org.posthorn.api.mail;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a mail came from.
 *
 * @param protocol how it came, in the words of RFC 3848 (ESMTP, ESMTPSA, LMTP …), or {@code local} for mail made here
 * @param client the other end; for mail made here, loopback with port 0
 * @param helo what the client called itself; may be empty
 * @param login who logged in: the account's address
 * @param tls TLS version and cipher in one phrase, as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}
 * @param server this server's name
 * @param listener the name of the listener it came through, or {@code local}
 */
public record Origin(
        String protocol,
        InetSocketAddress client,
        String helo,
        Optional<Address> login,
        Optional<String> tls,
        String server,
        String listener) {

    /**
     * Whether a user handed it in by SMTP, RFC 6409, where a client has no means to say that it is to be kept for him. Who hands it in otherwise, as by JMAP,
     * has it in a mailbox already.
     */
    public boolean submitted() {
        return login.isPresent() && protocol.contains("SMTP");
    }

    /** The origin of mail that this server makes itself. */
    public static Origin local(String server) {
        InetSocketAddress loopback = new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0);
        return new Origin("local", loopback, "", Optional.empty(), Optional.empty(), server, "local");
    }
}
