package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.net.Suspended;
import org.posthorn.testkit.MemoryLine;

/**
 * IMAP4rev2, along the list of changes in RFC 9051 E. What is not named here is no change for a server, or is tested for IMAP4rev1 already.
 *
 * <pre>
 *  2 extensions folded in     the tests of each; here only what differs
 *  3 STATUS SIZE, DELETED     status_knows_no_recent
 *  4 ESEARCH alone            search_is_answered_by_esearch
 *  6 parameters of RFC 2231   structure_has_parameters_decoded_and_internationalised_messages
 *  8 TRYCREATE                copies_go_to_no_mailbox_that_is_not_there
 *  9 CLOSED                   select_tells_the_mailbox_and_nothing_of_what_is_recent
 * 10 LIST with SELECT         the same
 * 11 no UNSEEN                the same
 * 12 no RECENT                the same, news_come_with_uid_and_without_recent, search_is_answered_by_esearch
 * 15 predefined keywords      select_tells_the_mailbox_and_nothing_of_what_is_recent
 * 16 UTF-8                    names_go_in_utf_8, denormalised_names_are_found_and_told_of, and Utf8Test
 * 17 CHECK, 18 RFC822, 19 LSUB   what_is_obsolete_is_answered_all_the_same
 * 21 UID with news            news_come_with_uid_and_without_recent
 * 24 texts in UTF-8           names_go_in_utf_8
 * </pre>
 */
class Rev2Test {

    private static final String DENORMALISED = "gru\u0308n";

    private final Server server = new Server();

    private MemoryLine rev2() throws IOException {
        MemoryLine line = server.login();
        talk(line, "C: e ENABLE IMAP4rev2\nS: * ENABLED IMAP4rev2\nS: e OK Enabled");
        return line;
    }

    /** A script in Unicode, as octets of UTF-8 on the wire. */
    static void talk(MemoryLine line, String script) throws IOException {
        Server.talk(line, Utf8.octets(script));
    }

    @Test
    void before_it_is_enabled_all_is_as_before() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(server.login(), """
                C: a SELECT inbox
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
                S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] Flags permitted
                S: * 1 EXISTS
                S: * 1 RECENT
                S: * OK [UNSEEN 1] First unseen
                S: * OK [UIDVALIDITY 3857529044] UIDs valid
                S: * OK [UIDNEXT 2] Predicted next UID
                S: * OK [MAILBOXID {*}
                S: * OK [URLMECH INTERNAL] {*}
                S: * OK [HIGHESTMODSEQ {*}] Highest
                S: a OK [READ-WRITE] Selected
                C: b SEARCH RECENT
                S: * SEARCH 1
                S: b OK Searched
                C: c STATUS INBOX (RECENT)
                S: * STATUS INBOX (RECENT 0)
                S: c OK {*}
                C: d CREATE grün.x
                S: d BAD {*}
                C: d CREATE "grün.x"
                S: d OK [MAILBOXID ({*})] Created
                C: e LIST "" gr*
                S: * LIST (\\Noselect \\HasChildren) "." gr&APw-n
                S: * LIST (\\HasNoChildren) "." gr&APw-n.x
                S: e OK {*}
                """);
    }

    @Test
    void enable_names_what_it_has_enabled_and_changes_no_capability() throws IOException {
        MemoryLine line = server.login();
        talk(line, """
                C: a ENABLE imap4REV2 X-GOOD-IDEA utf8=accept
                S: * ENABLED IMAP4rev2 UTF8=ACCEPT
                S: a OK Enabled
                C: b ENABLE
                S: b BAD {*}
                """);
        for (MemoryLine each : new MemoryLine[] {line, server.login()})
            talk(each, "C: c CAPABILITY\nS~ \\* CAPABILITY IMAP4rev1 IMAP4rev2 .* UTF8=ACCEPT.*\nS: c OK {*}");
    }

    @Test
    void select_tells_the_mailbox_and_nothing_of_what_is_recent() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(rev2(), """
                C: a SELECT inbox
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded $Junk $MDNSent $NotJunk $Phishing)
                S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded $Junk $MDNSent $NotJunk $Phishing \\*)] Flags permitted
                S: * 1 EXISTS
                S: * OK [UIDVALIDITY 3857529044] UIDs valid
                S: * OK [UIDNEXT 2] Predicted next UID
                S: * OK [MAILBOXID {*}
                S: * OK [URLMECH INTERNAL] {*}
                S: * OK [HIGHESTMODSEQ {*}] Highest
                S: * LIST (\\HasNoChildren) "." INBOX ("OLDNAME" (inbox))
                S: a OK [READ-WRITE] Selected
                C: b FETCH 1 FAST
                S: * 1 FETCH (FLAGS () {*})
                S: b OK Fetched
                C: c SUBSCRIBE Sent
                S: c OK {*}
                C: d EXAMINE Sent
                S: * OK [CLOSED] {*}
                S+ * LIST (\\HasNoChildren \\Subscribed \\Sent) "." Sent
                S: d OK [READ-ONLY] {*}
                C: e SELECT nothing
                S: * OK [CLOSED] {*}
                S: e NO [NONEXISTENT] {*}
                """);
        // It has been taken from nobody.
        talk(server.select(), "C: a FETCH 1 FLAGS\nS: * 1 FETCH (FLAGS (\\Recent))\nS: a OK Fetched");
    }

    @Test
    void enabled_late_it_holds_from_then_on() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        MemoryLine line = server.select();
        talk(line, """
                C: a FETCH 1 FLAGS
                S: * 1 FETCH (FLAGS (\\Recent))
                S: a OK Fetched
                C: b ENABLE IMAP4rev2
                S: * ENABLED IMAP4rev2
                S: b OK Enabled
                C: c FETCH 1 FLAGS
                S: * 1 FETCH (FLAGS ())
                S: c OK Fetched
                """);
        server.fred().deliver("Subject: y\r\n\r\ny");
        talk(line, "C: d NOOP\nS: * 2 EXISTS\nS: d OK {*}");
    }

    @Test
    void news_come_with_uid_and_without_recent() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        MemoryLine idle = rev2();
        talk(idle, "C: a SELECT INBOX\nS+ a OK {*}\nC: b IDLE\nS: + idling");
        MemoryLine other = server.select();
        talk(other, "C: a STORE 1 +FLAGS ($Junk)\nS+ a OK Stored");
        talk(idle, "S: * 1 FETCH (FLAGS ($Junk) UID 1)");
        server.fred().deliver("Subject: y\r\n\r\ny");
        talk(idle, "S: * 2 EXISTS\nC: DONE\nS: b OK Idle is over");
        talk(other, "C: b NOOP\nS: * 2 EXISTS\nS: * 2 RECENT\nS: b OK {*}");
        talk(idle, """
                C: c STORE 1 +FLAGS (\\Deleted)
                S: * 1 FETCH (FLAGS (\\Deleted $Junk))
                S: c OK Stored
                C: d EXPUNGE
                S: * 1 EXPUNGE
                S: d OK Expunged
                """);
    }

    @Test
    void search_is_answered_by_esearch() throws IOException {
        server.fred().deliver("Subject: one\r\n\r\nno words");
        server.fred().deliver("Content-Type: text/plain; charset=utf-8\r\n\r\n" + Utf8.octets("мать, отпуск"));
        MemoryLine line = rev2();
        // RFC 9051 6.4.4 and 6.4.4.4
        talk(line, """
                C: 0 SELECT INBOX
                S+ 0 OK {*}
                C: A283 SEARCH ALL
                S: * ESEARCH (TAG "A283") ALL 1:2
                S: A283 OK Searched
                C: A284 SEARCH TEXT "string not in mailbox"
                S: * ESEARCH (TAG "A284")
                S: A284 OK Searched
                C: A285 SEARCH CHARSET UTF-8 TEXT {12}
                S: + OK
                C: отпуск
                S: * ESEARCH (TAG "A285") ALL 2
                S: A285 OK Searched
                C: A286 UID SEARCH RETURN (MIN COUNT) TEXT "МАТЬ"
                S: * ESEARCH (TAG "A286") UID MIN 2 COUNT 1
                S: A286 OK Searched
                C: P282 SEARCH RETURN (SAVE) ALL
                S: P282 OK Searched
                C: P283 SEARCH CHARSET UTF-8 (OR $ 1) TEXT {8+}
                C: мать
                S: * ESEARCH (TAG "P283") ALL 2
                S: P283 OK Searched
                C: B283 SEARCH RETURN (SAVE) CHARSET KOI8-R (OR $ 1,3000:3021) TEXT {4}
                S: + OK
                C: XXXX
                S: B283 NO [BADCHARSET (US-ASCII UTF-8)] {*}
                C: E283 COPY $ "Other Messages"
                S: E283 NO [TRYCREATE] {*}
                C: E284 COPY $ Sent
                S: E284 OK Copied
                C: a SEARCH RECENT
                S: a BAD {*}
                C: b SEARCH NEW
                S: b BAD {*}
                C: c SEARCH NOT OLD
                S: c BAD {*}
                C: d SORT (ARRIVAL) US-ASCII ALL
                S: * SORT 1 2
                S: d OK Searched
                C: e SEARCH MODSEQ 1
                S: * OK [HIGHESTMODSEQ {*}
                S~ \\* ESEARCH \\(TAG "e"\\) ALL 1:2 MODSEQ \\d+
                S: e OK Searched
                """);
    }

    @Test
    void status_knows_no_recent() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(rev2(), """
                C: a STATUS inbox (UIDNEXT MESSAGES UNSEEN DELETED SIZE)
                S: * STATUS INBOX (UIDNEXT 2 MESSAGES 1 UNSEEN 1 DELETED 0 SIZE 15)
                S: a OK {*}
                C: b STATUS INBOX (MESSAGES RECENT)
                S: b BAD {*}
                C: c LIST "" INBOX RETURN (STATUS (RECENT))
                S: c BAD {*}
                C: d LIST "" IN% RETURN (STATUS (MESSAGES UNSEEN))
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * STATUS INBOX (MESSAGES 1 UNSEEN 1)
                S: d OK {*}
                """);
    }

    @Test
    void what_is_obsolete_is_answered_all_the_same() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(rev2(), """
                C: 0 SELECT INBOX
                S+ 0 OK {*}
                C: a CHECK
                S: a OK {*}
                C: b FETCH 1 RFC822.TEXT
                S: * 1 FETCH (RFC822.TEXT {1}
                S: x FLAGS (\\Seen))
                S: b OK Fetched
                C: c SUBSCRIBE "grün"
                S: c OK {*}
                C: d LSUB "" "gr*"
                S: * LSUB () "." "grün"
                S: d OK {*}
                """);
    }

    @Test
    void copies_go_to_no_mailbox_that_is_not_there() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(rev2(), """
                C: 0 SELECT INBOX
                S+ 0 OK {*}
                C: a MOVE 1 nowhere
                S: a NO [TRYCREATE] {*}
                C: b MOVE 1 Sent
                S: * OK [COPYUID 3857529046 1 1] Moved
                S: * 1 EXPUNGE
                S: b OK Moved
                """.replace(
                "3857529046", Long.toString(server.fred().box("Sent").status().uidValidity())));
    }

    @Test
    void names_go_in_utf_8() throws IOException {
        MemoryLine line = rev2();
        talk(line, """
                C: a CREATE "grün"
                S: a OK [MAILBOXID ({*})] Created
                C: b CREATE "Tom & Jerry"
                S: b OK [MAILBOXID ({*})] Created
                C: c CREATE &U,BTFw-
                S: c OK [MAILBOXID ({*})] Created
                C: d LIST "" ("gr%" T%y &*)
                S: * LIST (\\HasNoChildren) "." &U,BTFw-
                S: * LIST (\\HasNoChildren) "." "Tom & Jerry"
                S: * LIST (\\HasNoChildren) "." "grün"
                S: d OK {*}
                C: e STATUS {5+}
                C: grün (MESSAGES)
                S: * STATUS "grün" (MESSAGES 0)
                S: e OK {*}
                C: f CREATE "grün"
                S: f NO [ALREADYEXISTS] There is a mailbox grün
                C| g SELECT "gr\\xfcn"\\r\\n
                S: g BAD A quoted string is not in UTF-8
                C| h SELECT {4+}\\r\\ngr\\xfcn\\r\\n
                S: h NO [CANNOT] That mailbox name is not in UTF-8
                C| i LIST "" {4+}\\r\\ngr\\xfcn\\r\\n
                S: i OK {*}
                C: j SELECT grün
                S: j BAD {*}
                C: k RENAME "grün" "台北.日本語"
                S: k OK Renamed
                C: l NAMESPACE
                S: * NAMESPACE (("" ".")) (("Users/" "/")) NIL
                S: l OK {*}
                C: m LIST "" "台*"
                S: * LIST (\\NonExistent \\HasChildren) "." "台北"
                S: * LIST (\\HasNoChildren) "." "台北.日本語"
                S: m OK {*}
                """);
        talk(server.login(), """
                C: a LIST "" (*BTFw* T%y &U,BTFw-*)
                S: * LIST (\\HasNoChildren) "." &-U,BTFw-
                S: * LIST (\\HasNoChildren) "." "Tom &- Jerry"
                S: * LIST (\\NonExistent \\HasChildren) "." &U,BTFw-
                S: * LIST (\\HasNoChildren) "." &U,BTFw-.&ZeVnLIqe-
                S: a OK {*}
                """);
    }

    @Test
    void denormalised_names_are_found_and_told_of() throws IOException {
        talk(rev2(), """
                C: a CREATE "NFD."
                S: * LIST (\\HasNoChildren) "." "grün" ("OLDNAME" ("NFD"))
                S: a OK [MAILBOXID ({*})] Created
                C: b SELECT "NFD"
                S+ * LIST (\\HasNoChildren) "." "grün" ("OLDNAME" ("NFD"))
                S: b OK [READ-WRITE] Selected
                C: c STATUS "NFD" (MESSAGES)
                S: * STATUS "grün" (MESSAGES 0)
                S: c OK {*}
                C: d APPEND "NFD" {3+}
                C: abc
                S: * LIST (\\HasNoChildren) "." "grün" ("OLDNAME" ("NFD"))
                S: * 1 EXISTS
                S: d OK [APPENDUID {*}] Appended
                C: e COPY 1 "NFD"
                S: * 2 EXISTS
                S: e OK [COPYUID {*}] Copied
                C: f LIST "" "NFD"
                S: * LIST (\\HasNoChildren) "." "grün"
                S: f OK {*}
                C: g RENAME "NFD" blau
                S: * LIST (\\HasNoChildren) "." blau ("OLDNAME" ("NFD"))
                S: g OK Renamed
                C: h RENAME blau "NFD"
                S: * LIST (\\HasNoChildren) "." "grün" ("OLDNAME" (blau))
                S: h OK Renamed
                C: i SUBSCRIBE "NFD"
                S: i OK Subscribed
                C: j LIST (SUBSCRIBED) "" *
                S: * LIST (\\HasNoChildren \\Subscribed) "." "grün"
                S: j OK {*}
                C: k DELETE "NFD"
                S: * LIST (\\NonExistent) "." "grün" ("OLDNAME" ("NFD"))
                S: k OK Deleted
                C: l SELECT "NFD"
                S: l NO [NONEXISTENT] {*}
                """.replace("NFD", DENORMALISED));
    }

    @Test
    void mailbox_that_was_named_so_before_is_still_to_be_had() throws IOException {
        server.fred().create(DENORMALISED, Optional.empty());
        talk(rev2(), """
                C: a LIST "" "gr%"
                S: * LIST (\\HasNoChildren) "." "NFD"
                S: a OK {*}
                C: b SELECT "NFD"
                S+ * LIST (\\HasNoChildren) "." "NFD"
                S: b OK [READ-WRITE] Selected
                C: c CREATE "NFD"
                S: c NO [ALREADYEXISTS] There is a mailbox NFD
                """.replace("NFD", DENORMALISED));
    }

    @Test
    void levels_do_not_exist_and_are_not_deleted() throws IOException {
        // RFC 9051 6.3.9.6 and 6.3.9.8, examples 9 and 10
        talk(rev2(), """
                C: a CREATE music.rock
                S: a OK [MAILBOXID ({*})] Created
                C: b LIST () "" m%
                S: * LIST (\\NonExistent \\HasChildren) "." music
                S: b OK {*}
                C: c DELETE music
                S: c NO [HASCHILDREN] {*}
                C: d CREATE foo
                S: d OK [MAILBOXID ({*})] Created
                C: e SUBSCRIBE foo.bar
                S: e OK {*}
                C: f SUBSCRIBE also.jazz.new
                S: f OK {*}
                C: a2 LIST (SUBSCRIBED) "" "foo.*"
                S: * LIST (\\NonExistent \\Subscribed) "." foo.bar
                S: a2 OK {*}
                C: a3 LIST (SUBSCRIBED RECURSIVEMATCH) "" foo RETURN (CHILDREN)
                S: * LIST (\\HasNoChildren) "." foo ("CHILDINFO" ("SUBSCRIBED"))
                S: a3 OK {*}
                C: a4 LIST (RECURSIVEMATCH SUBSCRIBED) "" %
                S: * LIST (\\HasNoChildren) "." foo ("CHILDINFO" ("SUBSCRIBED"))
                S: * LIST (\\NonExistent) "." also ("CHILDINFO" ("SUBSCRIBED"))
                S: a4 OK {*}
                C: a5 LIST (REMOTE RECURSIVEMATCH) "" %
                S: a5 BAD {*}
                """);
    }

    @Test
    void empty_pattern_asks_for_the_separator_in_the_basic_syntax_alone() throws IOException {
        talk(rev2(), """
                C: A101 LIST "" ""
                S: * LIST (\\Noselect) "." ""
                S: A101 OK {*}
                C: a LIST () "" ""
                S: a OK {*}
                C: b LIST "" ("")
                S: b OK {*}
                C: c LIST "" "" RETURN ()
                S: c OK {*}
                C: d LIST "" ("" INBOX)
                S: * LIST (\\HasNoChildren) "." INBOX
                S: d OK {*}
                """);
    }

    @Test
    void structure_has_parameters_decoded_and_internationalised_messages() throws IOException {
        server.fred().deliver(Utf8.octets("""
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; name*0*=utf-8''gr%C3%BC; name*1=n
                Content-Description: Grüße

                x
                --b
                Content-Type: message/global

                Subject: ü

                y
                --b
                Content-Type: message/global
                Content-Transfer-Encoding: base64

                eA==
                --b--
                """).replace("\n", "\r\n"));
        talk(rev2(), """
                C: 0 SELECT INBOX
                S+ 0 OK {*}
                C: a FETCH 1 BODYSTRUCTURE
                S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("name*" "grün" "charset" "us-ascii") NIL "Grüße" "7bit" 1 0 NIL NIL NIL NIL)("message" "global" NIL NIL NIL "7bit" 16 (NIL "ü" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL)("message" "global" NIL NIL NIL "base64" 4 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL) 0 NIL NIL NIL NIL) "mixed" ("boundary" "b") NIL NIL NIL))
                S: a OK Fetched
                C: b FETCH 1 BODY.PEEK[2.TEXT]
                S: * 1 FETCH (BODY[2.TEXT] {1}
                S: y)
                S: b OK Fetched
                """);
        talk(server.select(), """
                C: a FETCH 1 BODYSTRUCTURE
                S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("name*" "utf-8''gr%C3%BCn" "charset" "us-ascii") NIL {7}
                S: Grüße "7bit" 1 0 NIL NIL NIL NIL)("message" "global" NIL NIL NIL "7bit" 16 NIL NIL NIL NIL)("message" "global" NIL NIL NIL "base64" 4 NIL NIL NIL NIL) "mixed" ("boundary" "b") NIL NIL NIL))
                S: a OK Fetched
                """);
    }

    @Test
    void another_version_goes_on_in_the_same_dialect() throws IOException {
        MemoryLine line = rev2();
        Suspended state = line.conversation().suspend().orElseThrow();
        // Who knows nothing of it cannot go on with it.
        assertThat(state.version()).isEqualTo(3);
        line.resume(server.protocol, state);
        talk(
                line,
                "C: a CREATE \"grün\"\nS: a OK [MAILBOXID ({*})] Created\nC: b LIST \"\" gr*\nS: * LIST (\\HasNoChildren) \".\" \"grün\"\nS: b OK {*}");
        MemoryLine old = server.select();
        Suspended before = old.conversation().suspend().orElseThrow();
        assertThat(before.version()).isEqualTo(1);
        Map<String, String> values = new HashMap<>(before.values());
        values.remove("dialect");
        old.resume(server.protocol, new Suspended(1, values));
        talk(old, "C: a LIST \"\" gr*\nS: * LIST (\\HasNoChildren) \".\" gr&APw-n\nS: a OK {*}");
    }

    @Test
    void who_logs_out_and_stays_is_a_stranger_in_that_too() throws IOException {
        MemoryLine line = rev2();
        talk(line, """
                C: a UNAUTHENTICATE
                S: a OK {*}
                C: b LOGIN fred@example.org "foo bar"
                S: b OK {*}
                C: c STATUS INBOX (RECENT)
                S: * STATUS INBOX (RECENT 0)
                S: c OK {*}
                """);
    }
}
