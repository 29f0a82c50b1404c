package org.posthorn.imap;

import static org.posthorn.imap.Rev2Test.talk;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.testkit.MemoryLine;

/** UTF8=ACCEPT, RFC 9755, and what RFC 6855 had besides; and what becomes of internationalised messages for who has not enabled it. */
class Utf8Test {

    private static final String HEADER =
            "Subject: Grüße\r\nFrom: Jörg <j@x>\r\nTo: Grün <grün@example.org>, Freunde ä: a@b;\r\n\r\n";

    private final Server server = new Server();

    private MemoryLine accepting() throws IOException {
        MemoryLine line = server.login();
        talk(line, "C: e ENABLE UTF8=ACCEPT\nS: * ENABLED UTF8=ACCEPT\nS: e OK Enabled");
        return line;
    }

    @Test
    void names_go_in_utf_8_and_all_else_is_imap4rev1() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(accepting(), """
                C: a CREATE "gru\u0308n.&"
                S: a OK [MAILBOXID ({*})] Created
                C: b LIST "" gr*
                S: * LIST (\\Noselect \\HasChildren) "." "grün"
                S: * LIST (\\HasNoChildren) "." "grün.&"
                S: b OK {*}
                C: c CREATE "grün.&"
                S: c NO [ALREADYEXISTS] There is a mailbox gr&APw-n.&-
                C: d SELECT INBOX
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
                S: * OK [PERMANENTFLAGS {*}
                S: * 1 EXISTS
                S: * 1 RECENT
                S: * OK [UNSEEN 1] First unseen
                S: * OK [UIDVALIDITY {*}
                S: * OK [UIDNEXT 2] {*}
                S: * OK [MAILBOXID {*}
                S: * OK [URLMECH INTERNAL] {*}
                S: * OK [HIGHESTMODSEQ {*}
                S: d OK [READ-WRITE] Selected
                C: e SEARCH NEW
                S: * SEARCH 1
                S: e OK Searched
                C| f SELECT "gr\\xfcn"\\r\\n
                S: f BAD A quoted string is not in UTF-8
                """);
    }

    @Test
    void no_other_character_set_may_be_named() throws IOException {
        server.fred().deliver("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nx");
        // RFC 9755 3, and RFC 6855's erratum 4029
        talk(accepting(), """
                C: 0 SELECT INBOX
                S+ 0 OK {*}
                C: a SEARCH CHARSET UTF-8 SUBJECT x
                S: a BAD {*}
                C: b SEARCH SUBJECT "grüße"
                S: * SEARCH 1
                S: b OK Searched
                C: c SORT (SUBJECT) US-ASCII ALL
                S: c BAD {*}
                C: d THREAD REFERENCES KOI8-R ALL
                S: d BAD {*}
                C: e SORT (SUBJECT) utf-8 SUBJECT "grüße"
                S: * SORT 1
                S: e OK Searched
                C: f THREAD REFERENCES UTF-8 ALL
                S: * THREAD (1)
                S: f OK Searched
                """);
    }

    @Test
    void header_in_utf_8_is_appended_before_it_is_enabled_too() throws IOException {
        MemoryLine line = server.login();
        talk(line, """
                C: a APPEND INBOX {20+}
                C: Subject: Grüße
                C| \\r\\n\\r\\n
                S: a OK {*}
                C: b APPEND INBOX {12+}
                C: A: b
                C| \\r\\nGrü\\r\\n
                S: b OK {*}
                C: c ENABLE UTF8=ACCEPT
                S: * ENABLED {*}
                S: c OK Enabled
                C: d APPEND INBOX {20+}
                C: Subject: Grüße
                C| \\r\\n\\r\\n
                S: d OK [APPENDUID 3857529044 3] Appended
                """);
    }

    /** RFC 6532 3.2. */
    @Test
    void header_that_says_it_is_in_utf_8_must_be() throws IOException {
        talk(accepting(), """
                C| a APPEND INBOX UTF8 (~{9+}\\r\\nA: \\xff\\xfe\\r\\n\\r\\n)\\r\\n
                S: a NO [CANNOT] {*}
                C| b APPEND INBOX CATENATE (UTF8 (~{9+}\\r\\nA: \\xff\\xfe\\r\\n\\r\\n))\\r\\n
                S: b NO [CANNOT] {*}
                C| c APPEND INBOX UTF8 (~{10+}\\r\\nA: 1\\r\\n\\r\\n\\xff\\xfe)\\r\\n
                S: c OK {*}
                """);
    }

    @Test
    void message_comes_in_brackets_as_rfc_6855_had_it() throws IOException {
        MemoryLine line = accepting();
        talk(line, """
                C: a APPEND INBOX (\\Seen) UTF8 (~{20}
                S: + OK
                C: Subject: Grüße
                C| \\r\\n)\\r\\n
                S: a OK [APPENDUID 3857529044 1] Appended
                C: b APPEND INBOX UTF8 (~{3+}
                C: abc) (\\Draft) UTF8 (~{2+}
                C: de) {1+}
                C: f
                S: b OK [APPENDUID 3857529044 2:4] Appended
                C: c APPEND INBOX UTF8 (~{3+}
                C: abc
                S: c BAD {*}
                C: d APPEND INBOX UTF8 ({3+}
                C: abc)
                S: d BAD {*}
                C: e SELECT INBOX
                S+ e OK {*}
                C: f FETCH 1:4 (FLAGS BODY.PEEK[])
                S: * 1 FETCH (FLAGS (\\Seen \\Recent) BODY[] {20}
                S: Subject: Grüße
                S:
                S: )
                S: * 2 FETCH (FLAGS (\\Recent) BODY[] {3}
                S: abc)
                S: * 3 FETCH (FLAGS (\\Draft \\Recent) BODY[] {2}
                S: de)
                S: * 4 FETCH (FLAGS (\\Recent) BODY[] {1}
                S: f)
                S: f OK Fetched
                C: g REPLACE 4 INBOX UTF8 (~{3}
                S: + OK
                C: new)
                S: * OK [APPENDUID 3857529044 5] {*}
                S: * 4 EXPUNGE
                S: * 4 EXISTS
                S: * 4 RECENT
                S: g OK Replaced
                """);
    }

    @Test
    void envelope_is_in_utf_8_or_in_encoded_words() throws IOException {
        server.fred().deliver(Utf8.octets(HEADER));
        server.fred().deliver("Subject: gr\u00fcn\r\n\r\n");
        MemoryLine accepting = accepting();
        MemoryLine rev2 = server.login();
        talk(rev2, "C: e ENABLE IMAP4rev2\nS: * ENABLED {*}\nS: e OK Enabled");
        // Whoever is asked first: each has his own.
        MemoryLine before = server.login();
        for (int round = 0; round < 2; round++) {
            for (MemoryLine line : new MemoryLine[] {accepting, rev2}) talk(line, """
                        C: 0 EXAMINE INBOX
                        S+ 0 OK {*}
                        C: a FETCH 1:2 ENVELOPE
                        S: * 1 FETCH (ENVELOPE (NIL "Grüße" (("Jörg" NIL "j" "x")) (("Jörg" NIL "j" "x")) (("Jörg" NIL "j" "x")) (("Grün" NIL "grün" "example.org")(NIL NIL "Freunde ä" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL)) NIL NIL NIL NIL))
                        S: * 2 FETCH (ENVELOPE (NIL "grün" NIL NIL NIL NIL NIL NIL NIL NIL))
                        S: a OK Fetched
                        """);
            talk(before, """
                    C: 0 EXAMINE INBOX
                    S+ 0 OK {*}
                    C: a FETCH 1:2 ENVELOPE
                    S: * 1 FETCH (ENVELOPE (NIL "=?utf-8?b?R3LDvMOfZQ==?=" (("=?utf-8?b?SsO2cmc=?=" NIL "j" "x")) (("=?utf-8?b?SsO2cmc=?=" NIL "j" "x")) (("=?utf-8?b?SsO2cmc=?=" NIL "j" "x")) (("=?utf-8?b?R3LDvG4=?=" NIL {5}
                    S: grün "example.org")(NIL NIL "=?utf-8?b?RnJldW5kZSDDpA==?=" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL)) NIL NIL NIL NIL))
                    S: * 2 FETCH (ENVELOPE (NIL "=?utf-8?b?Z3LDvG4=?=" NIL NIL NIL NIL NIL NIL NIL NIL))
                    S: a OK Fetched
                    """);
        }
        talk(
                before,
                "C: b FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]\nS: * 1 FETCH (BODY[HEADER.FIELDS (Subject)] {20}\nS: Subject: Grüße\nS:\nS: )\nS: b OK Fetched");
    }
}
