package org.posthorn.pop3;

import org.posthorn.sasl.Mechanisms;

/** CAPA, RFC 2449 5. */
final class Capabilities {

    private static final String ALWAYS = "TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\n"
            + "UTF8 USER\r\nLANG\r\nEXPIRE NEVER\r\nIMPLEMENTATION Posthorn\r\n";

    private Capabilities() {}

    static void send(Session session) {
        StringBuilder lines = new StringBuilder(ALWAYS);
        boolean open = session.authorization().open();
        if (open) lines.append("USER\r\n");
        if (open)
            lines.append("SASL ")
                    .append(String.join(" ", Mechanisms.names(true)))
                    .append("\r\n");
        if (session.transaction() == null && session.authorization().tlsOffered()) lines.append("STLS\r\n");
        session.ok("What there is");
        session.connection().send(lines.append(".\r\n").toString());
    }
}
