package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

class FetchTest {

    /** RFC 3501 8 */
    private static final String RFC = """
            Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
            From: Terry Gray <gray@cac.washington.edu>
            Subject: IMAP4rev1 WG mtg summary and minutes
            To: imap@cac.washington.edu
            cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
            Message-Id: <B27397-0100000@cac.washington.edu>
            MIME-Version: 1.0
            Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

            Hello
            """.replace("\n", "\r\n");

    /** The structure that RFC 3501 6.4.5 explains part numbers by, in short. */
    private static final String NESTED = """
            Subject: outer
            Content-Type: multipart/mixed; boundary=a

            --a
            Content-Type: text/plain

            one
            --a
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            dHdv
            --a
            Content-Type: message/rfc822
            X-Mime: yes

            Subject: three
            From: x@y
            Content-Type: multipart/mixed; boundary=b

            --b

            three.one
            --b
            Content-Type: text/html

            three.two
            --b--
            --a--
            """.replace("\n", "\r\n");

    private final Server server = new Server();

    private MemoryLine with(String message) throws IOException {
        server.inbox().add(message, Flags.of(Flags.SEEN));
        MemoryLine line = server.login();
        talk(line, "C: 1 EXAMINE INBOX\nS+ 1 OK [READ-ONLY] {*}");
        return line;
    }

    @Test
    void full_answers_as_in_the_rfc() throws IOException {
        talk(with(RFC), """
                C: a FETCH 1 FULL
                S: * 1 FETCH (FLAGS (\\Seen \\Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 349 ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>") BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7bit" 7 1))
                S: a OK Fetched
                C: b FETCH 1 (BODY[HEADER.FIELDS (Subject "TO")] RFC822.SIZE)
                S: * 1 FETCH (BODY[HEADER.FIELDS (Subject TO)] {78}
                S: Subject: IMAP4rev1 WG mtg summary and minutes
                S: To: imap@cac.washington.edu
                S:\s
                S:  RFC822.SIZE 349)
                S: b OK Fetched
                C: c FETCH 1 BODY[HEADER.FIELDS.NOT (Date From Cc Message-ID MIME-Version Content-Type)]<9.11>
                S: * 1 FETCH (BODY[HEADER.FIELDS.NOT (Date From Cc Message-ID MIME-Version Content-Type)]<9> {11}
                S: IMAP4rev1 W)
                S: c OK Fetched
                C: d FETCH 1 (RFC822.TEXT BODY.PEEK[TEXT]<2.3> BODY[]<349.10>)
                S: * 1 FETCH (RFC822.TEXT {7}
                S: Hello
                S:  BODY[TEXT]<2> {3}
                S: llo BODY[]<349> {0}
                S: )
                S: d OK Fetched
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "1 ~ {3}|one",
                "1.MIME ~ {28}|Content-Type: text/plain||",
                "1.TEXT ~ NIL",
                "2 ~ {4}|dHdv",
                "3.HEADER ~ {72}|Subject: three|From: x@y|Content-Type: multipart/mixed; boundary=b||",
                "3.MIME ~ {45}|Content-Type: message/rfc822|X-Mime: yes||",
                "3.HEADER.FIELDS (FROM) ~ {13}|From: x@y||",
                "3.TEXT ~ {66}|--b||three.one|--b|Content-Type: text/html||three.two|--b--",
                "3.1 ~ {9}|three.one",
                "3.2 ~ {9}|three.two",
                "3.2.MIME ~ {27}|Content-Type: text/html||",
                "3.3 ~ NIL",
                "1.1 ~ NIL",
                "4 ~ NIL",
                "3.1.1 ~ NIL"
            })
    void part_numbers_lead_to_their_parts(String section, String answer) throws IOException {
        MemoryLine line = with(NESTED);
        line.send("a FETCH 1 BODY.PEEK[" + section + "]\r\n");
        assertThat(line.unread())
                .isEqualTo("* 1 FETCH (BODY[" + section + "] " + answer.strip().replace("|", "\r\n")
                        + ")\r\na OK Fetched\r\n");
    }

    @Test
    void piece_from_far_beyond_the_end_is_empty() throws IOException {
        talk(with(RFC), """
                C: a FETCH 1 BODY[TEXT]<9223372036854775807.9223372036854775807>
                S: * 1 FETCH (BODY[TEXT]<9223372036854775807> {0}
                S: )
                S: a OK Fetched
                """);
    }

    @Test
    void structure_tells_parts_envelopes_and_extensions() throws IOException {
        talk(with(NESTED), """
                C: a FETCH 1 BODYSTRUCTURE
                S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 0 NIL NIL NIL NIL)("application" "octet-stream" NIL NIL NIL "base64" 4 NIL NIL NIL NIL)("message" "rfc822" NIL NIL NIL "7bit" 138 (NIL "three" ((NIL NIL "x" "y")) ((NIL NIL "x" "y")) ((NIL NIL "x" "y")) NIL NIL NIL NIL NIL) (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 9 0 NIL NIL NIL NIL)("text" "html" ("charset" "us-ascii") NIL NIL "7bit" 9 0 NIL NIL NIL NIL) "mixed" ("boundary" "b") NIL NIL NIL) 11 NIL NIL NIL NIL) "mixed" ("boundary" "a") NIL NIL NIL))
                S: a OK Fetched
                C: b FETCH 1 BODY
                S: * 1 FETCH (BODY (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 3 0)("application" "octet-stream" NIL NIL NIL "base64" 4)("message" "rfc822" NIL NIL NIL "7bit" 138 (NIL "three" ((NIL NIL "x" "y")) ((NIL NIL "x" "y")) ((NIL NIL "x" "y")) NIL NIL NIL NIL NIL) (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 9 0)("text" "html" ("charset" "us-ascii") NIL NIL "7bit" 9 0) "mixed") 11) "mixed"))
                S: b OK Fetched
                """);
    }

    @Test
    void structure_of_odd_mail_is_as_dovecot_has_it() throws IOException {
        talk(
                with(
                        "Content-Type: text/x-ruby; name*0=abc; name*1=\"d e\"\r\nContent-Disposition: attachment (c); filename=\"a \\\"b\"; size=3\r\n"
                                + "Content-Language: en, de\r\nContent-Location: http://x/\r\nContent-MD5: abc==\r\nContent-ID: <a@b>\r\n"
                                + "Content-Description: gr\u00fc\u00dfe\r\n\r\nbody\r\n"),
                """
                C: a FETCH 1 BODYSTRUCTURE
                S: * 1 FETCH (BODYSTRUCTURE ("text" "x-ruby" ("name" "abcd e" "charset" "us-ascii") "<a@b>" {5}
                S: gr\u00fc\u00dfe "7bit" 6 1 "abc==" ("attachment" ("filename" "a \\"b" "size" "3")) ("en" "de") "http://x/"))
                S: a OK Fetched
                """);
        talk(with("Content-Type: multipart/mixed; boundary=a\r\n\r\nno parts\r\n"), """
                C: a FETCH 2 BODYSTRUCTURE
                S: * 2 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL) "mixed" ("boundary" "a") NIL NIL NIL))
                S: a OK Fetched
                """);
    }

    @Test
    void body_of_a_plain_message_is_its_part_one() throws IOException {
        talk(with(RFC), """
                C: a FETCH 1 (BODY[1] BODY[1.MIME]<0.4> BODY[2])
                S: * 1 FETCH (BODY[1] {7}
                S: Hello
                S:  BODY[1.MIME]<0> {4}
                S: Date BODY[2] NIL)
                S: a OK Fetched
                """);
    }

    @Test
    void reading_marks_as_seen_and_peeking_does_not() throws IOException {
        server.fred().deliver("A: 1\r\n\r\nx");
        server.fred().deliver("A: 2\r\n\r\ny");
        talk(server.select(), """
                C: a FETCH 1:2 (BODY.PEEK[] RFC822.HEADER)
                S: * 1 FETCH (BODY[] {9}
                S: A: 1
                S:\s
                S: x RFC822.HEADER {8}
                S: A: 1
                S:\s
                S: )
                S+ a OK Fetched
                C: b UID FETCH 2 BODY[TEXT]
                S: * 2 FETCH (UID 2 BODY[TEXT] {1}
                S: y FLAGS (\\Seen \\Recent))
                S: b OK Fetched
                C: c FETCH 1:* FLAGS
                S: * 1 FETCH (FLAGS (\\Recent))
                S: * 2 FETCH (FLAGS (\\Seen \\Recent))
                S: c OK Fetched
                """);
    }

    @Test
    void asterisk_is_the_last_one_and_uids_that_are_not_there_are_passed_over() throws IOException {
        server.fred().deliver("A: 1\r\n\r\n");
        server.inbox().uidNext(10);
        server.fred().deliver("A: 1\r\n\r\n");
        talk(server.select(), """
                C: a UID FETCH 99:* UID
                S: * 2 FETCH (UID 10)
                S: a OK Fetched
                C: b UID FETCH 2:9,77 UID
                S: b OK Fetched
                C: c FETCH * UID
                S: * 2 FETCH (UID 10)
                S: c OK Fetched
                C: d FETCH *:1,2 UID
                S: * 1 FETCH (UID 1)
                S: * 2 FETCH (UID 10)
                S: d OK Fetched
                C: e FETCH 0 UID
                S: e BAD {*}
                C: f FETCH 1, UID
                S: f BAD {*}
                C: g FETCH 4294967296 UID
                S: g BAD {*}
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "()",
                "(FLAGS",
                "FLAGS)",
                "NONSENSE",
                "BODY[",
                "BODY[MIME]",
                "BODY[1.]",
                "BODY[0]",
                "BODY[]<1>",
                "BODY[]<1.0>",
                "BODY[HEADER.FIELDS ()]",
                "BODY[HEADER.FIELDS]",
                "BODY[1HEADER]",
                "FLAGS (CHANGEDSINCE)",
                "FLAGS FLAGS"
            })
    void wrong_fetch_is_refused(String items) throws IOException {
        talk(with(RFC), "C: a FETCH 1 " + items + "\nS: a BAD {*}");
    }

    @Test
    void message_that_vanishes_is_left_out() throws IOException {
        MemoryLine line = with(RFC);
        server.inbox().expunge(UidSet.of(1));
        talk(
                line,
                "C: a FETCH 1 BODY[]\nS: a NO [EXPUNGEISSUED] {*}\nC: b UID FETCH 1 BODY[]\nS: * 1 EXPUNGE\nS: b OK Fetched");
    }

    @Test
    void fetch_looks_at_the_mailbox_once_and_the_next_command_does_again() throws IOException {
        MemoryLine line = with(RFC);
        int before = server.inbox().looks();
        talk(line, "C: a FETCH 1 UID\nS: * 1 FETCH (UID 1)\nS: a OK Fetched");
        assertThat(server.inbox().looks()).isEqualTo(before + 1);
        talk(line, "C: b NOOP\nS: b OK {*}");
        assertThat(server.inbox().looks()).isEqualTo(before + 2);
    }

    @Test
    void what_a_fetch_has_seen_is_nothing_to_the_next_command() throws IOException {
        MemoryLine line = with(RFC);
        talk(line, "C: a NOTIFY NONE\nS: a OK {*}\nC: b FETCH 1 UID\nS: * 1 FETCH (UID 1)\nS: b OK Fetched");
        int before = server.inbox().looks();
        talk(line, "C: c NOTIFY SET (SELECTED (MessageNew MessageExpunge))\nS: c OK {*}");
        assertThat(server.inbox().looks()).isGreaterThan(before);
    }

    @Test
    void flags_of_many_messages_come_fast() throws IOException {
        for (int i = 0; i < 100_000; i++) server.inbox().add("", Flags.of(i % 2 * Flags.SEEN));
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            MemoryLine line = server.select();
            long begin = System.nanoTime();
            line.send("a FETCH 1:* FLAGS\r\n");
            best = Math.min(best, System.nanoTime() - begin);
            assertThat(line.unread().length()).isGreaterThan(2_800_000);
            assertThat(line.unread().endsWith("a OK Fetched\r\n")).isTrue();
        }
        System.out.println("FETCH 1:* FLAGS of 100,000: " + best / 1_000_000 + " ms");
        // Generous: the machine may be busy. What takes the square of the number takes minutes.
        assertThat(best).isLessThan(5_000_000_000L);
    }

    @Test
    void many_names_of_fields_cost_one_pass_over_the_header() throws IOException {
        StringBuilder header = new StringBuilder();
        for (int i = 0; i < 80_000; i++) header.append("X-").append(i).append(": 1\r\n");
        server.inbox().add(header + "\r\n", Flags.NONE);
        MemoryLine line = server.select();
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            items.append(i == 0 ? "" : " ").append("BODY.PEEK[HEADER.FIELDS (");
            for (int k = 0; k < 500; k++)
                items.append(k == 0 ? "" : " ").append("x-").append(79_000 + i * 100 - k * 50);
            items.append(")]");
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        line.send("a FETCH 1 (" + items + ")\r\n");
        assertThat(line.unread()).contains("\r\nX-79000: 1\r\n\r\n").endsWith("a OK Fetched\r\n");
        assertThat(threads.getCurrentThreadCpuTime() - before).isLessThan(2_000_000_000L);
    }

    @Test
    void what_is_asked_for_twice_is_told_once_and_selections_of_fields_are_bounded() throws IOException {
        server.inbox().add("A: 1\r\nB: 2\r\n\r\n", Flags.NONE);
        MemoryLine line = server.select();
        line.send("a FETCH 1 (" + "BODY.PEEK[HEADER.FIELDS (A)] FLAGS ".repeat(90) + "UID)\r\n");
        assertThat(line.unread())
                .isEqualTo(
                        "* 1 FETCH (BODY[HEADER.FIELDS (A)] {8}\r\nA: 1\r\n\r\n FLAGS (\\Recent) UID 1)\r\na OK Fetched\r\n");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 11; i++)
            many.append("BODY.PEEK[HEADER.FIELDS (A").append(i).append(")] ");
        talk(
                server.select(),
                "C: b FETCH 1 (" + many
                        + "UID)\nS: b NO [LIMIT] At most 10 selections of header fields are fetched at once");
    }
}
