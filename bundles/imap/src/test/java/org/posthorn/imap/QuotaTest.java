package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Flags;

/** RFC 9208. */
class QuotaTest {

    private static final String FRED = "fred@example.org";

    private final Server server = new Server();

    private void limit(long octets, long messages) {
        server.store.of(FRED).limit(new Amount(octets, messages));
    }

    @Test
    void all_mailboxes_of_a_user_have_one_root() throws IOException {
        limit(111 * 1024, 1000);
        server.store.of(FRED).deliver("A: 1\r\n\r\n" + "x".repeat(1020));
        server.store.of(FRED).box("Sent").add("B: 2\r\n\r\n", Flags.NONE);
        talk(server.login(), """
                C: G0001 GETQUOTA "User quota"
                S: * QUOTA "User quota" (STORAGE 2 111 MESSAGE 2 1000)
                S: G0001 OK {*}
                C: G0002 GETQUOTAROOT inbox
                S: * QUOTAROOT INBOX "User quota"
                S: * QUOTA "User quota" (STORAGE 2 111 MESSAGE 2 1000)
                S: G0002 OK {*}
                C: G0003 getquotaroot {7+}
                C: not-yet too
                S: G0003 BAD {*}
                C: G0004 GETQUOTAROOT "not yet &AOQ-"
                S: * QUOTAROOT "not yet &AOQ-" "User quota"
                S: * QUOTA "User quota" (STORAGE 2 111 MESSAGE 2 1000)
                S: G0004 OK {*}
                C: G0005 GETQUOTA ""
                S: G0005 NO [NONEXISTENT] {*}
                C: G0006 GETQUOTA "#user/bob"
                S: G0006 NO [NONEXISTENT] {*}
                """);
    }

    @Test
    void what_is_not_limited_is_not_named() throws IOException {
        limit(Long.MAX_VALUE, 5);
        talk(server.login(), """
                C: a GETQUOTA {10+}
                C: User quota
                S: * QUOTA "User quota" (MESSAGE 0 5)
                S: a OK {*}
                """);
        limit(1, Long.MAX_VALUE);
        talk(server.login(), """
                C: a GETQUOTA "User quota"
                S: * QUOTA "User quota" (STORAGE 0 1)
                S: a OK {*}
                """);
        limit(Long.MAX_VALUE, Long.MAX_VALUE);
        talk(server.login(), """
                C: a GETQUOTAROOT INBOX
                S: * QUOTAROOT INBOX
                S: a OK {*}
                C: b GETQUOTA "User quota"
                S: b NO [NONEXISTENT] {*}
                """);
    }

    @Test
    void nobody_sets_a_quota() throws IOException {
        limit(1024, 5);
        talk(server.login(), """
                C: S0001 SETQUOTA "User quota" (STORAGE 510)
                S: S0001 NO [NOPERM] {*}
                C: S0002 SETQUOTA "" ()
                S: S0002 NO [NOPERM] {*}
                C: S0003 SETQUOTA "" (STORAGE 510 MESSAGE 9223372036854775807)
                S: S0003 NO [NOPERM] {*}
                C: S0004 SETQUOTA "" (STORAGE)
                S: S0004 BAD {*}
                C: S0005 SETQUOTA "" (STORAGE -1)
                S: S0005 BAD {*}
                C: S0006 SETQUOTA "" (STORAGE 9223372036854775808)
                S: S0006 BAD {*}
                C: S0007 SETQUOTA ""
                S: S0007 BAD {*}
                C: S0008 SETQUOTA "" (STORAGE 1) x
                S: S0008 BAD {*}
                C: S0009 GETQUOTA
                S: S0009 BAD {*}
                C: S0010 GETQUOTAROOT INBOX INBOX
                S: S0010 BAD {*}
                C: S0011 GETQUOTA "User quota"
                S: * QUOTA "User quota" (STORAGE 0 1 MESSAGE 0 5)
                S: S0011 OK {*}
                """);
    }

    @Test
    void before_login_nothing_is_told() throws IOException {
        talk(server.connect(), """
                C: a GETQUOTA "User quota"
                S: a BAD {*}
                C: b GETQUOTAROOT INBOX
                S: b BAD {*}
                """);
    }

    @Test
    void status_tells_what_an_expunge_would_free() throws IOException {
        server.store.of(FRED).deliver("A: 1\r\n\r\n");
        server.store.of(FRED).deliver("B: 22\r\n\r\n");
        talk(server.login(), """
                C: a SELECT INBOX
                S+ a OK {*}
                C: b STORE 2 +FLAGS.SILENT (\\Deleted)
                S: b OK {*}
                C: S0003 STATUS INBOX (MESSAGES DELETED DELETED-STORAGE)
                S: * STATUS INBOX (MESSAGES 2 DELETED 1 DELETED-STORAGE 9)
                S: S0003 OK {*}
                C: c STATUS INBOX (DELETED_STORAGE)
                S: c BAD {*}
                C: d LIST "" INBOX RETURN (STATUS (DELETED-STORAGE))
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * STATUS INBOX (DELETED-STORAGE 9)
                S: d OK {*}
                """);
    }

    @Test
    void what_would_be_too_much_is_refused() throws IOException {
        limit(Long.MAX_VALUE, 3);
        server.store.of(FRED).deliver("A: 1\r\n\r\n");
        server.store.of(FRED).deliver("B: 2\r\n\r\n");
        talk(server.login(), """
                C: A003 APPEND Sent (\\Seen) {3+}
                C: abc (\\Seen) {3+}
                C: def
                S: A003 NO [OVERQUOTA] {*}
                C: a SELECT INBOX
                S+ a OK {*}
                C: A004 COPY 1:2 Sent
                S: A004 NO [OVERQUOTA] {*}
                C: A005 COPY 1 Sent
                S: A005 OK [COPYUID {*}] Copied
                C: A006 MOVE 2 Sent
                S: * OK [COPYUID {*}] Moved
                S: * 2 EXPUNGE
                S: A006 OK {*}
                C: A007 APPEND INBOX {3}
                S: A007 NO [OVERQUOTA] {*}
                C: A008 UID REPLACE 1 Sent {3+}
                C: jkl
                S: * OK [APPENDUID {*}] {*}
                S: * 1 EXPUNGE
                S: A008 OK {*}
                C: A009 STATUS Sent (MESSAGES)
                S: * STATUS Sent (MESSAGES 3)
                S: A009 OK {*}
                """);
    }
}
