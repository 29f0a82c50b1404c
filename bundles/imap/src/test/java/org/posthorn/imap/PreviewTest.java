package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.PreviewText;
import org.posthorn.mime.StoredMessage;
import org.posthorn.testkit.MemoryLine;

/** RFC 8970 */
class PreviewTest {

    private static String preview(String mail) throws IOException {
        StoredMessage message = StoredMessage.of(mail.replace("|", "\r\n"));
        return PreviewText.of(message, MimeParser.parse(message), 200);
    }

    private static String html(String body) throws IOException {
        return preview("Content-Type: text/html||" + body);
    }

    private final Server server = new Server();

    private MemoryLine with(String... mails) throws IOException {
        for (String mail : mails) server.inbox().add(mail.replace("|", "\r\n"), Flags.NONE);
        return server.select();
    }

    @Test
    void answers_as_in_the_rfc() throws IOException {
        talk(
                with(
                        "A: b||Preview text!|",
                        "Content-Type: image/png||xyz",
                        "A: b||gr\u00c3\u00bcn " + "x".repeat(70_000)),
                """
                C: A1 FETCH 1 (PREVIEW)
                S: * 1 FETCH (PREVIEW "Preview text!")
                S: A1 OK Fetched
                C: A2 FETCH 1:3 (RFC822.SIZE PREVIEW (LAZY) UID)
                S: * 1 FETCH (RFC822.SIZE 23 PREVIEW "Preview text!" UID 1)
                S: * 2 FETCH (RFC822.SIZE 30 PREVIEW "" UID 2)
                S: * 3 FETCH (RFC822.SIZE 70014 PREVIEW NIL UID 3)
                S: A2 OK Fetched
                C: A3 UID FETCH 3 PREVIEW
                S: * 3 FETCH (UID 3 PREVIEW {201}
                S~ gr\u00c3\u00bcn x{195}\\)
                S: A3 OK Fetched
                C: A4 FETCH 3 preview (lazy Lazy)
                S: * 3 FETCH (PREVIEW {201}
                S~ gr\u00c3\u00bcn x{195}\\)
                S: A4 OK Fetched
                C: A5 FETCH 1 PREVIEW (CHANGEDSINCE 1)
                S: * OK [HIGHESTMODSEQ {*}] {*}
                S: * 1 FETCH (PREVIEW "Preview text!" MODSEQ ({*}))
                S: A5 OK Fetched
                C: A6 FETCH 1 FLAGS
                S: * 1 FETCH (FLAGS (\\Recent) MODSEQ ({*}))
                S: A6 OK Fetched
                C: A7 FETCH 1 (PREVIEW (SOON))
                S: A7 BAD {*}
                C: A8 FETCH 1 (PREVIEW (LAZY FLAGS))
                S: A8 BAD {*}
                C: A9 FETCH 1 (PREVIEW (LAZYBONES))
                S: A9 BAD {*}
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                // text before HTML of the same, whatever comes first
                "Content-Type: multipart/alternative; boundary=a||--a|Content-Type: text/html||<p>no</p>|--a||yes|--a-- ~ yes",
                // the first, when they are not the same
                "Content-Type: multipart/mixed; boundary=a||--a|Content-Type: text/html||<p>yes</p>|--a||no|--a-- ~ yes",
                // one that says something
                "Content-Type: multipart/mixed; boundary=a||--a|| |--a||yes|--a-- ~ yes",
                "Content-Type: multipart/mixed; boundary=a||--a|Content-Disposition: attachment||no|--a||yes|--a-- ~ yes",
                "Content-Type: message/rfc822||A: b||in it ~ in it",
                "Content-Transfer-Encoding: base64||aGVs|bG8= ~ hello",
                "Content-Type: text/plain; charset=iso-8859-15|Content-Transfer-Encoding: quoted-printable||=A4 5=|0 ~ \u20ac 50",
                "Content-Type: text/plain; charset=nix||abc ~ abc",
                "A: b||  a \t b||| c\u0001d ~ a b cd",
            })
    void text_that_a_reader_sees_first_is_taken(String mail, String text) throws IOException {
        assertThat(preview(mail)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "Content-Type: multipart/encrypted; boundary=a||--a||secret|--a--",
                "Content-Type: application/pkcs7-mime||secret",
                "A: b||-----BEGIN PGP MESSAGE-----|secret",
                "Content-Transfer-Encoding: x-own||secret",
                "Content-Type: text/calendar||BEGIN:VCALENDAR",
                "Content-Type: multipart/mixed||",
                "A: b||",
            })
    void where_there_is_nothing_to_read_it_is_empty(String mail) throws IOException {
        assertThat(preview(mail)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "<html><head><title>x</title></head><body>a<br>b<b>c</b>d</body> ~ a bcd",
                "<head><title>x</title><meta name=a><body>b ~ b",
                "a<script></scripted></script>b<title>c</titles>d</title>e ~ a b e",
                "<style>p > a { }</style><script>if (a < b) \"</p>\"</script>a<!-- > -->b ~ ab",
                "a &lt;b&gt; &amp;amp; &#8364;&#x20AC;&uuml;&nbsp;&copy;&nix; &#xD800; &#99999999999; ~ a <b> &amp; \u20ac\u20ac\u00fc \u00a9&nix; &#xD800; &#99999999999;",
                "<a title='>' href=\"<>\">x</a><img alt=it's>y ~ x y",
                "1 < 2 & 3 ~ 1 < 2 & 3",
                "a<script>never closed ~ a",
                "a<p ~ a",
                "a< ~ a",
                "a</ ~ a",
                "a&amp ~ a&amp",
            })
    void html_becomes_text(String html, String text) throws IOException {
        assertThat(html(html)).isEqualTo(text);
    }

    @Test
    void two_hundred_characters_are_the_most_and_none_is_cut() throws IOException {
        String faces = "\ud83d\ude00".repeat(300);
        String octets = new String(faces.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(preview("A: b||" + octets)).isEqualTo("\ud83d\ude00".repeat(200));
        assertThat(preview("A: b||" + "ab ".repeat(300))).hasSize(200).endsWith("ab");
    }

    @Test
    @Timeout(20)
    void hostile_html_is_read_in_bounded_time() throws IOException {
        for (String evil : new String[] {"<", "&", "<!--", "<script>", "</", "<a ", "<a b=\"", "</script", "&#"})
            assertThat(html(evil.repeat(100_000)).length()).isLessThanOrEqualTo(200);
        assertThat(html(" ".repeat(10_000_000) + "x")).isEmpty();
    }
}
