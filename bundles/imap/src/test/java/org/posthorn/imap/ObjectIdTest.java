package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.testkit.MemoryLine;

/** OBJECTID, RFC 8474, and SAVEDATE, RFC 8514. */
class ObjectIdTest {

    private final Server server = new Server();

    @Test
    void mailboxes_are_known_by_their_ids_as_in_the_rfc() throws IOException {
        // RFC 8474 4.1 to 4.3
        talk(server.login(), """
                C: 3 CREATE foo
                S: 3 OK [MAILBOXID (F00000000e5ed38da)] Created
                C: 4 CREATE bar
                S: 4 OK [MAILBOXID (F00000000e5ed38db)] Created
                C: 5 CREATE foo
                S: 5 NO [ALREADYEXISTS] {*}
                C: 6 STATUS foo (MAILBOXID)
                S: * STATUS foo (MAILBOXID (F00000000e5ed38da))
                S: 6 OK {*}
                C: 7 STATUS bar (mailboxid MESSAGES)
                S: * STATUS bar (MAILBOXID (F00000000e5ed38db) MESSAGES 0)
                S: 7 OK {*}
                C: 8 RENAME foo renamed
                S: 8 OK Renamed
                C: 9 STATUS renamed (MAILBOXID)
                S: * STATUS renamed (MAILBOXID (F00000000e5ed38da))
                S: 9 OK {*}
                C: 10 SELECT renamed
                S+ * OK [MAILBOXID (F00000000e5ed38da)] {*}
                S: * OK [URLMECH INTERNAL] {*}
                S: * OK [HIGHESTMODSEQ {*}
                S: 10 OK [READ-WRITE] Selected
                C: 11 LIST "" (INBOX bar renamed) RETURN (STATUS (MAILBOXID))
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * STATUS INBOX (MAILBOXID (F00000000e5ed38d4))
                S: * LIST (\\HasNoChildren) "." bar
                S: * STATUS bar (MAILBOXID (F00000000e5ed38db))
                S: * LIST (\\HasNoChildren) "." renamed
                S: * STATUS renamed (MAILBOXID (F00000000e5ed38da))
                S: 11 OK {*}
                C: 12 DELETE bar
                S: 12 OK Deleted
                C: 13 CREATE bar
                S: 13 OK [MAILBOXID (F00000000e5ed38dc)] Created
                C: 14 EXAMINE bar
                S: * OK [CLOSED] {*}
                S+ * OK [MAILBOXID (F00000000e5ed38dc)] {*}
                S+ 14 OK [READ-ONLY] {*}
                """);
    }

    @Test
    void inbox_keeps_its_id_when_it_is_renamed() throws IOException {
        server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        talk(server.login(), """
                C: a RENAME INBOX old
                S: a OK Renamed
                C: b STATUS INBOX (MAILBOXID)
                S: * STATUS INBOX (MAILBOXID (F00000000e5ed38d4))
                S: b OK {*}
                C: c STATUS old (MAILBOXID)
                S: * STATUS old (MAILBOXID (F00000000e5ed38da))
                S: c OK {*}
                C: d EXAMINE old
                S+ d OK {*}
                C: e FETCH 1 EMAILID
                S: * 1 FETCH (EMAILID (M0000000000000001))
                S: e OK Fetched
                """);
    }

    @Test
    void messages_keep_their_ids_when_they_go_elsewhere() throws IOException {
        // RFC 8474 5.3 and 6
        for (int thread : new int[] {7, 7, 8}) server.inbox().add("Thread: " + thread + "\r\n\r\n", Flags.NONE);
        MemoryLine line = server.select();
        MemoryLine other = server.select();
        talk(line, """
                C: 22 FETCH 1:* (emailid threadid)
                S: * 1 FETCH (EMAILID (M0000000000000001) THREADID (T0000000000000007))
                S: * 2 FETCH (EMAILID (M0000000000000002) THREADID (T0000000000000007))
                S: * 3 FETCH (EMAILID (M0000000000000003) THREADID (T0000000000000008))
                S: 22 OK Fetched
                C: 27 SEARCH EMAILID M0000000000000001
                S: * SEARCH 1
                S: 27 OK Searched
                C: 28 SEARCH THREADID T0000000000000007
                S: * SEARCH 1 2
                S: 28 OK Searched
                C: 23 MOVE 2 Archive
                S: * OK [COPYUID {*} 2 1] {*}
                S: * 2 EXPUNGE
                S: 23 OK Moved
                C: 24 UID FETCH 1:* EMAILID
                S: * 1 FETCH (UID 1 EMAILID (M0000000000000001))
                S: * 2 FETCH (UID 3 EMAILID (M0000000000000003))
                S: 24 OK Fetched
                C: 25 COPY 1 Archive
                S: 25 OK {*}
                C: 26 SELECT Archive
                S: * OK [CLOSED] {*}
                S+ 26 OK {*}
                C: 27 FETCH 1:* EMAILID
                S: * 1 FETCH (EMAILID (M0000000000000002))
                S: * 2 FETCH (EMAILID (M0000000000000001))
                S: 27 OK Fetched
                C: 28 UID SEARCH OR EMAILID M0000000000000001 EMAILID M0000000000000003
                S: * SEARCH 2
                S: 28 OK Searched
                """);
        talk(other, """
                C: a SEARCH EMAILID M0000000000000002
                S: * SEARCH
                S: a OK Searched
                C: b NOOP
                S: * 2 EXPUNGE
                S: b OK {*}
                C: c SEARCH NOT EMAILID M0000000000000001
                S: * SEARCH 2
                S: c OK Searched
                """);
    }

    @Test
    void threads_are_told_where_they_are_known_and_found_in_all_mailboxes() throws IOException {
        for (int i = 0; i < 1200; i++) server.inbox().add("Thread: " + i % 300 + "\r\n\r\n", Flags.NONE);
        server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        server.fred().box("Archive").add("Thread: 5\r\n\r\n", Flags.NONE);
        talk(server.select(), """
                C: a FETCH 1201 THREADID
                S: * 1201 FETCH (THREADID NIL)
                S: a OK Fetched
                C: b UID FETCH 900:901 (THREADID)
                S: * 900 FETCH (UID 900 THREADID (T000000000000012b))
                S: * 901 FETCH (UID 901 THREADID (T0000000000000000))
                S: b OK Fetched
                C: c SEARCH THREADID T0000000000000005
                S: * SEARCH 6 306 606 906
                S: c OK Searched
                C: d SEARCH NOT THREADID T0000000000000005 4:8
                S: * SEARCH 4 5 7 8
                S: d OK Searched
                C: e ESEARCH IN (mailboxes (INBOX Archive)) RETURN (ALL) THREADID T0000000000000005
                S: * ESEARCH (TAG "e" MAILBOX INBOX UIDVALIDITY {*}) UID ALL 6,306,606,906
                S: * ESEARCH (TAG "e" MAILBOX Archive UIDVALIDITY {*}) UID ALL 1
                S: e OK Searched
                """);
    }

    @Test
    void threads_of_what_another_shares_are_his() throws IOException {
        MemoryAccount bob = server.store.of("alice@example.org");
        bob.box("INBOX").add("Thread: 9\r\n\r\n", Flags.NONE);
        bob.access().change("INBOX", Server.FRED, before -> Optional.of(new Rights("lr")));
        talk(server.login(), """
                C: a EXAMINE Users/alice@example.org/INBOX
                S+ a OK {*}
                C: b FETCH 1 (THREADID)
                S: * 1 FETCH (THREADID (T0000000000000009))
                S: b OK Fetched
                """);
    }

    @Test
    void where_nobody_keeps_threads_there_are_none() throws IOException {
        server.store.threads = false;
        server.inbox().add("Thread: 9\r\n\r\n", Flags.NONE);
        talk(server.select(), """
                C: a FETCH 1 (THREADID)
                S: * 1 FETCH (THREADID NIL)
                S: a OK Fetched
                C: b SEARCH THREADID T0000000000000009
                S: * SEARCH
                S: b OK Searched
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "EMAILID M0000000000000002 ~ 2",
                "EMAILID m0000000000000002 ~ ''",
                "EMAILID 0000000000000002 ~ ''",
                "EMAILID M2 ~ ''",
                "EMAILID M00000000000000002 ~ ''",
                "EMAILID Mg000000000000002 ~ ''",
                "EMAILID Mffffffffffffffff ~ ''",
                "EMAILID T-_z ~ ''",
                "OR EMAILID M0000000000000001 EMAILID M0000000000000003 ~ 1 3",
                "THREADID M0000000000000001 ~ ''",
                "NOT THREADID T1 ~ 1 2 3",
                "SAVEDON 28-Dec-2014 ~ 1 2",
                "SAVEDON \"28-dec-2014\" ~ 1 2",
                "SAVEDSINCE 28-Dec-2014 ~ 1 2 3",
                "SAVEDSINCE 29-Dec-2014 ~ 3",
                "SAVEDBEFORE 29-Dec-2014 ~ 1 2",
                "SAVEDBEFORE 28-Dec-2014 ~ ''",
                "SAVEDATESUPPORTED ~ 1 2 3",
                "NOT SAVEDATESUPPORTED ~ ''",
                "SINCE 1-Jan-2000 ~ ''",
                "SAVEDSINCE 29-Dec-2014 BEFORE 1-Jan-2000 ~ 3"
            })
    void keys_find_what_they_should(String key, String found) throws IOException {
        for (String time : new String[] {"2014-12-28T00:00:00Z", "2014-12-28T23:59:59Z", "2014-12-29T00:00:00Z"}) {
            server.fred().now(Instant.parse(time));
            server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        }
        talk(
                server.select(),
                "C: a SEARCH " + key + "\nS: * SEARCH" + (found.isEmpty() ? "" : " " + found) + "\nS: a OK Searched");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SEARCH EMAILID",
                "SEARCH EMAILID ",
                "SEARCH EMAILID \"M0000000000000002\"",
                "SEARCH EMAILID (M0000000000000002)",
                "SEARCH EMAILID M.1",
                "SEARCH EMAILID M/1",
                "SEARCH THREADID M+1",
                "SEARCH SAVEDON",
                "SEARCH SAVEDON 31-Feb-2015",
                "SEARCH SAVEDBEFORE x",
                "SEARCH SAVEDATESUPPORTED x",
                "FETCH 1 MAILBOXID",
                "FETCH 1 (EMAILID M1)",
                "STATUS INBOX (EMAILID)"
            })
    void wrong_words_are_refused(String command) throws IOException {
        server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        talk(server.select(), "C: a " + command + "\nS: a BAD {*}");
    }

    @Test
    void ids_are_as_long_as_the_rfc_has_them() throws IOException {
        MemoryLine line = server.select();
        talk(line, "C: a SEARCH EMAILID " + "x".repeat(255) + "\nS: * SEARCH\nS: a OK Searched");
        talk(line, "C: b SEARCH THREADID " + "x".repeat(256) + "\nS: b BAD {*}");
    }

    @Test
    void the_save_date_is_that_of_the_mailbox() throws IOException {
        // RFC 8514 4.2
        server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
        server.fred().now(Instant.parse("2015-02-03T04:05:06Z"));
        MemoryLine line = server.select();
        talk(line, """
                C: A101 FETCH 1 (SAVEDATE INTERNALDATE)
                S: * 1 FETCH (SAVEDATE " 1-Jan-2015 17:50:53 +0000" INTERNALDATE "17-Jul-1996 09:44:25 +0000")
                S: A101 OK Fetched
                C: b STORE 1 +FLAGS (\\Flagged)
                S: * 1 FETCH {*}
                S: b OK Stored
                C: c COPY 1 Archive
                S: c OK {*}
                C: d FETCH 1 SAVEDATE
                S: * 1 FETCH (SAVEDATE " 1-Jan-2015 17:50:53 +0000")
                S: d OK Fetched
                C: e MOVE 1 Trash
                S: * OK {*}
                S: * 1 EXPUNGE
                S: e OK {*}
                C: f APPEND Trash "17-Jul-1996 02:44:25 -0700" {8+}
                C: A: 1
                C:\s
                C:\s
                S: f OK {*}
                C: g SELECT Trash
                S: * OK [CLOSED] {*}
                S+ g OK {*}
                C: h FETCH 1:2 (SAVEDATE INTERNALDATE)
                S: * 1 FETCH (SAVEDATE " 3-Feb-2015 04:05:06 +0000" INTERNALDATE "17-Jul-1996 09:44:25 +0000")
                S: * 2 FETCH (SAVEDATE " 3-Feb-2015 04:05:06 +0000" INTERNALDATE "17-Jul-1996 09:44:25 +0000")
                S: h OK Fetched
                """);
    }
}
