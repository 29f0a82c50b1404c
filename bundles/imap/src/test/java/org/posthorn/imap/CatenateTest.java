package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testkit.MemoryLine;

/** Messages put together from what is sent and what is there, RFC 4469; the URLs are those of RFC 5092. */
class CatenateTest {

    private static final String DRAFT = """
            Subject: a
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            old
            --b
            Content-Type: application/zip

            PK
            --b--
            """.replace("\n", "\r\n");

    @TempDir
    Path data;

    private MemoryLine line;

    /** As it stands behind TEXT, or instead of a message. */
    private static String literal(String octets) {
        return "{" + octets.length() + "+}\nC: " + octets.replace("\r\n", "\nC: ");
    }

    @BeforeEach
    void draft() throws IOException {
        line = new Server(data).login();
        talk(line, "C: y APPEND Sent " + literal(DRAFT) + "\nS: y OK {*}\n");
    }

    private void holds(String message) throws IOException {
        talk(
                line,
                "C: h EXAMINE Sent\nS+ h OK {*}\nC: i FETCH * BODY.PEEK[]\nS: * 2 FETCH (BODY[] {" + message.length()
                        + "}\nS: " + message.replace("\r\n", "\nS: ") + ")\nS: i OK Fetched\n");
    }

    /** The first example of RFC 4469, appendix A. */
    @Test
    void attachment_is_replaced_and_the_rest_is_kept() throws IOException {
        talk(
                line,
                "C: a APPEND Sent (\\Seen \\Draft $MDNSent) CATENATE"
                        + " (URL \"/Sent;UIDVALIDITY=3857529046/;UID=1/;section=HEADER\" TEXT " + literal("--b\r\n")
                        + " URL \"/Sent;UIDVALIDITY=3857529046/;UID=1/;section=1.MIME\""
                        + " URL \"/Sent;UIDVALIDITY=3857529046/;UID=1/;section=1\" TEXT "
                        + literal("\r\n--b\r\n\r\nnew\r\n--b--\r\n")
                        + ")\nS: a OK [APPENDUID 3857529046 2] Appended\n");
        holds(DRAFT.substring(0, DRAFT.indexOf("--b\r\nContent-Type: application")) + "--b\r\n\r\nnew\r\n--b--\r\n");
        talk(
                line,
                "C: b FETCH 2 FLAGS\nS: * 2 FETCH (FLAGS (\\Seen \\Draft $MDNSent \\Recent))\nS: b OK Fetched\n"
                        + "C: c FETCH 1 FLAGS\nS: * 1 FETCH (FLAGS (\\Recent))\nS: c OK Fetched\n");
    }

    @Test
    void message_of_the_selected_mailbox_needs_no_name() throws IOException {
        talk(
                line,
                "C: a EXAMINE Sent\nS+ a OK {*}\nC: b APPEND Sent CATENATE (URL /;UID=1 URL ;UID=1/;SECTION=2)\n"
                        + "S: * 2 EXISTS\nS: * {*} RECENT\nS: b OK {*}\n");
        holds(DRAFT + "PK");
    }

    @Test
    void piece_of_a_part_and_fields_of_a_header() throws IOException {
        talk(
                line,
                "C: a APPEND Sent CATENATE (URL \"/Sent/;UID=1/;SECTION=HEADER.FIELDS%20(SUBJECT)\""
                        + " URL \"/Sent/;UID=1/;SECTION=1/;PARTIAL=1.1\" URL \"/Sent/;UID=1/;SECTION=1/;PARTIAL=2\")\n"
                        + "S: a OK {*}\n");
        holds("Subject: a\r\n\r\nld");
    }

    @Test
    void several_messages_come_together() throws IOException {
        talk(
                line,
                "C: a APPEND Sent CATENATE (TEXT " + literal("A: 1\r\n\r\n") + ") " + literal("B: 2\r\n\r\n")
                        + " (\\Seen) CATENATE (TEXT " + literal("C: 3\r\n") + " TEXT " + literal("\r\n")
                        + ")\nS: a OK [APPENDUID 3857529046 2:4] Appended\n");
    }

    @Test
    void draft_is_replaced_by_what_is_made_of_it() throws IOException {
        talk(
                line,
                "C: a SELECT Sent\nS+ a OK {*}\nC: b UID REPLACE 1 Sent (\\Draft) CATENATE (TEXT "
                        + literal("X: y\r\n") + " URL /Sent/;UID=1)\n"
                        + "S: * OK [APPENDUID 3857529046 2] {*}\nS: * 1 EXPUNGE\nS+ b OK {*}\n"
                        + "C: c FETCH 1 RFC822.SIZE\nS: * 1 FETCH (RFC822.SIZE " + (DRAFT.length() + 6)
                        + ")\nS: c OK Fetched\n");
    }

    @Test
    void name_in_utf_8() throws IOException {
        talk(
                line,
                "C: a CREATE Entw&APw-rfe\nS: a OK {*}\nC: b APPEND Entw&APw-rfe " + literal(DRAFT) + "\nS: b OK {*}\n"
                        + "C: c APPEND Sent CATENATE (URL \"/Entw%C3%BCrfe/;UID=1/;SECTION=2\")\nS: c OK {*}\n");
        holds("PK");
    }

    @Test
    void url_that_leads_nowhere_is_told() throws IOException {
        for (String url : new String[] {
            "/Sent/;UID=2",
            "/Sent/;UID=1/;SECTION=3",
            "/Sent/;UID=1/;SECTION=1.HEADER",
            "/Sent/;UID=1/;SECTION=NONSENSE",
            "/Sent/;UID=1/;SECTION=1/;SECTION=1",
            "/Sent/;UID=0",
            "/Sent/;UID=99999999999999999999",
            "/Sent;UIDVALIDITY=1/;UID=1",
            "/Nowhere/;UID=1",
            "/Sent",
            "/;UID=1",
            "/S%ffent/;UID=1",
            "/S%f",
            "/S%zzent/;UID=1",
            "//example.org/Sent/;UID=1",
            "imap://example.org/Sent/;UID=1",
            "imap://fred@example.org/Sent/;UID=1",
            "/Sent/;UID=1;URLAUTH=anonymous:internal:00"
        })
            talk(
                    line,
                    "C: a APPEND Sent CATENATE (TEXT " + literal("A: 1\r\n\r\n") + " URL \"" + url
                            + "\" URL \"/worse\")\n" + "S: a NO [BADURL " + url + "] {*}\n");
        talk(
                line,
                "C: b APPEND Sent CATENATE (URL \"a]b\")\nS: b NO [BADURL a%5Db] {*}\n"
                        + "C: d APPEND Sent CATENATE (URL \"\")\nS: d NO [BADURL \"\"] {*}\n"
                        + "C: e APPEND Sent CATENATE (URL \"a\tb\")\nS: e NO [BADURL a%09b] {*}\n"
                        + "C: c STATUS Sent (MESSAGES)\nS: * STATUS {*} (MESSAGES 1)\nS: c OK {*}\n");
    }

    @Test
    void what_is_no_list_of_pieces_is_bad() throws IOException {
        for (String wrong : new String[] {
            "CATENATE",
            "CATENATE ()",
            "CATENATE (URL)",
            "CATENATE (FILE x)",
            "CATENATE (TEXT x)",
            "CATENATE (URL /a",
            "CATENATE (URL /a))"
        }) talk(line, "C: a APPEND Sent " + wrong + "\nS: a BAD {*}\n");
        talk(
                line,
                "C: b APPEND Sent CATENATE (" + "URL /Sent/;UID=1 ".repeat(500)
                        + "URL /Sent/;UID=1)\nS: b NO [LIMIT] {*}\n");
    }

    @Test
    void message_grows_no_longer_than_messages_may_be() throws IOException {
        String half = "A: " + "x".repeat(149_000) + "\r\n";
        talk(
                line,
                "C: a APPEND Sent " + literal(half) + "\nS: a OK {*}\n"
                        + "C: b APPEND Sent CATENATE (URL /Sent/;UID=2 URL /Sent/;UID=2)\nS: b NO [TOOBIG] {*}\n"
                        + "C: c APPEND Sent CATENATE (TEXT " + literal(half) + " TEXT " + literal(half)
                        + ")\nS: c NO [TOOBIG] {*}\n");
    }

    @Test
    void nothing_makes_no_message() throws IOException {
        talk(line, "C: a APPEND Sent CATENATE (URL /Sent/;UID=1/;SECTION=1/;PARTIAL=100.5)\nS: a NO [CANNOT] {*}\n");
    }

    @Test
    void url_may_come_as_a_literal() throws IOException {
        talk(line, """
                C: a APPEND Sent CATENATE (URL {23}
                S: + OK
                C: /Sent/;UID=1/;SECTION=2 TEXT {1}
                S: + OK
                C: !)
                S: a OK {*}
                """);
        holds("PK!");
    }
}
