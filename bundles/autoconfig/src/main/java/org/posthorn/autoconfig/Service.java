package org.posthorn.autoconfig;

import java.util.Locale;

/** What a mail program may connect to. In the order in which programs are to try them: TLS from the first octet before STARTTLS (RFC 8314 3), IMAP before POP3. */
enum Service {
    IMAPS("imap", true, 0),
    IMAP("imap", false, 10),
    POP3S("pop3", true, 20),
    POP3("pop3", false, 30),
    SUBMISSIONS("submission", true, 0),
    SUBMISSION("submission", false, 10);

    private final String protocol;
    private final boolean implicitTls;
    private final int priority;

    Service(String protocol, boolean implicitTls, int priority) {
        this.protocol = protocol;
        this.implicitTls = implicitTls;
        this.priority = priority;
    }

    /** As a listener's settings name it: {@code imap}, {@code pop3} or {@code submission}. */
    String protocol() {
        return protocol;
    }

    /** Whether TLS begins with the first octet; else the client must begin it before it logs in. */
    boolean implicitTls() {
        return implicitTls;
    }

    /** Of its SRV record, RFC 6186 3.4: the lowest is tried first. */
    int priority() {
        return priority;
    }

    /** Whether mail goes out here; else it is read. */
    boolean sends() {
        return protocol.equals("submission");
    }

    /** As people and settings name it, and SRV records with an underscore in front (RFC 6186 3, RFC 8314 5.1): {@code imaps}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
