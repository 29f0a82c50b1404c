package org.posthorn.imap;

import java.util.List;
import org.posthorn.api.net.Connection;
import org.posthorn.sasl.Mechanisms;

/** What is announced: only what is whole. */
public final class Capabilities {

    private static final String ALWAYS = "IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE LANGUAGE";

    private static final String INSIDE =
            " IDLE NOTIFY NAMESPACE CHILDREN UIDPLUS MULTIAPPEND CATENATE URLAUTH UNSELECT MOVE REPLACE UNAUTHENTICATE SPECIAL-USE CREATE-SPECIAL-USE ESEARCH SEARCHRES WITHIN PARTIAL"
                    + " SORT SORT=DISPLAY ESORT CONTEXT=SEARCH CONTEXT=SORT MULTISEARCH THREAD=ORDEREDSUBJECT THREAD=REFERENCES I18NLEVEL=1"
                    + " BINARY PREVIEW INPROGRESS CONDSTORE QRESYNC UIDONLY ACL RIGHTS=texk LIST-EXTENDED LIST-MYRIGHTS LIST-STATUS STATUS=SIZE STATUS=DELETED"
                    + " METADATA LIST-METADATA OBJECTID SAVEDATE QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE UTF8=ACCEPT";

    private Capabilities() {}

    /** What the session can do now, RFC 3501 6.1.1. */
    public static String of(Session session) {
        if (session.user().isPresent())
            return ALWAYS + INSIDE + jmap(session) + compress(session.connection()) + " APPENDLIMIT="
                    + session.limits().append();
        StringBuilder all = new StringBuilder(ALWAYS);
        if (startTls(session.connection())) all.append(" STARTTLS");
        mechanisms(session.connection()).forEach(m -> all.append(" AUTH=").append(m));
        if (!mayLogIn(session.connection())) all.append(" LOGINDISABLED");
        return all.toString();
    }

    /** RFC 9698 3. */
    private static String jmap(Session session) {
        return session.services().jmapSession().isPresent() ? " JMAPACCESS" : "";
    }

    private static String compress(Connection connection) {
        return connection.compressed() ? "" : " COMPRESS=DEFLATE";
    }

    public static boolean startTls(Connection connection) {
        return connection.listener().startTls() && connection.tls().isEmpty();
    }

    /** Whether a password may come as it is. */
    public static boolean mayLogIn(Connection connection) {
        return connection.tls().isPresent() || connection.listener().clearLogin();
    }

    public static List<String> mechanisms(Connection connection) {
        return Mechanisms.names(mayLogIn(connection));
    }
}
