package org.posthorn.replay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/**
 * The Received field that this server's intake wrote, RFC 5321 4.4: where the mail came from.
 *
 * @param client with a port that is unknown, and so 1
 * @param helo what the client called itself
 * @param recipient empty when there were several
 */
record ReceivedField(
        InetSocketAddress client,
        String helo,
        String server,
        String protocol,
        Optional<String> tls,
        MailId id,
        Optional<Address> recipient) {

    private static final int UNKNOWN_PORT = 1;

    private static final Pattern FORM = Pattern.compile(
            "from (.+?) \\(\\[(IPv6:)?([0-9A-Fa-f.:]+)\\]\\)\\s+"
                    + "by (\\S+) with (\\S+)(?: \\(([^()]*)\\))?\\s+id (\\S+)(?: for <([^<>]*)>)?;.*",
            Pattern.DOTALL);

    /** Empty for a field of another form: this server did not write it for a client. */
    static Optional<ReceivedField> parse(String value) {
        Matcher form = FORM.matcher(value);
        if (value.length() > 4096 || !form.matches() || !MailId.valid(form.group(7))) return Optional.empty();
        return address(form.group(3))
                .map(client -> new ReceivedField(
                        new InetSocketAddress(client, UNKNOWN_PORT),
                        form.group(1),
                        form.group(4),
                        form.group(5),
                        Optional.ofNullable(form.group(6)),
                        new MailId(form.group(7)),
                        Optional.ofNullable(form.group(8)).flatMap(Address::parse)));
    }

    /** Whether the client had logged in, RFC 3848. */
    boolean login() {
        return protocol.endsWith("A");
    }

    /** What has only digits and colons is an address, and no name to be looked up. */
    private static Optional<InetAddress> address(String literal) {
        if (literal.indexOf(':') < 0 && !literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) return Optional.empty();
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
