package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Listener;
import org.posthorn.mime.StoredMessage;
import org.posthorn.testkit.MemoryLine;

class SearchTest {

    private final Server server = new Server();

    @BeforeEach
    void fill() throws IOException {
        put(
                "From: Smith <smith@x>\r\nTo: fred@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Tue, 1 Feb 1994 23:59:59 -0700\r\n\r\nplain words\r\n",
                Flags.of(Flags.SEEN | Flags.ANSWERED),
                "1994-02-02T07:00:00Z");
        put(
                "From: Jones <jones@x>\r\nCc: joe@y\r\nBcc: boss@y\r\nX-Spam:\r\nDate: 3 Mar 99 1:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nWsO8cmljaCBoaWRkZW4=\r\n",
                Flags.named(List.of("\\Flagged", "\\Deleted", "$Junk")),
                "1999-03-03T01:00:00Z");
        put(
                "From: Smith <smith@x>\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nZ=FCr=\r\nich and more\r\n--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ndeep\r\n--a--\r\n",
                Flags.of(Flags.DRAFT),
                "2001-01-01T00:00:00Z");
    }

    private void put(String message, Flags flags, String date) throws IOException {
        server.inbox().append(StoredMessage.of(message), flags, Instant.parse(date));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "ALL ~ 1 2 3",
                "SEEN ~ 1",
                "UNSEEN ~ 2 3",
                "ANSWERED ~ 1",
                "UNANSWERED ~ 2 3",
                "DELETED ~ 2",
                "UNDELETED ~ 1 3",
                "DRAFT ~ 3",
                "UNDRAFT ~ 1 2",
                "FLAGGED ~ 2",
                "UNFLAGGED ~ 1 3",
                "KEYWORD $junk ~ 2",
                "UNKEYWORD $Junk ~ 1 3",
                "RECENT ~ 1 2 3",
                "OLD ~ ''",
                "NEW ~ 2 3",
                "FROM smith ~ 1 3",
                "FROM SMITH NOT DRAFT ~ 1",
                "TO fred ~ 1",
                "CC joe ~ 2",
                "BCC boss ~ 2",
                "SUBJECT inner ~ ''",
                "HEADER X-Spam \"\" ~ 2",
                "HEADER X-Spam x ~ ''",
                "BODY words ~ 1",
                "BODY smith ~ ''",
                "TEXT \"from: smith\" ~ 1 3",
                "BODY hidden ~ 2",
                "BODY deep ~ 3",
                "BODY more BODY deep ~ 3",
                "BODY more NOT BODY deep ~ ''",
                "OR BODY words BODY inner ~ 1 3",
                "TEXT smith BODY and ~ 3",
                "BODY \"\" ~ 1 2 3",
                "BODY inner ~ 3",
                "BODY \"more\" ~ 3",
                "SINCE 1-Jan-1999 ~ 2 3",
                "BEFORE 3-Mar-1999 ~ 1",
                "ON \"03-mar-1999\" ~ 2",
                "SENTON 1-Feb-1994 ~ 1",
                "SENTSINCE 2-Feb-1994 ~ 2",
                "SENTBEFORE 1-Jan-2000 ~ 1 2",
                "LARGER 180 ~ 2 3",
                "SMALLER 180 ~ 1",
                "OR SEEN FLAGGED ~ 1 2",
                "NOT (OR SEEN FLAGGED) ~ 3",
                "2:3 UNSEEN ~ 2 3",
                "UID 1,3 NOT 3 ~ 1",
                "(SEEN) (FROM smith (ALL)) ~ 1",
                "MODSEQ 3 ~ 2 3 (MODSEQ 4)",
                "RETURN (COUNT) ALL ~ E COUNT 3",
                "RETURN (MIN MAX) UNSEEN ~ E MIN 2 MAX 3",
                "RETURN () UNSEEN ~ E ALL 2:3",
                "RETURN (ALL MIN) OLD ~ E",
                "RETURN (COUNT) CHARSET UTF-8 OLD ~ E COUNT 0",
                "RETURN (PARTIAL 1:2) ALL ~ E PARTIAL (1:2 1:2)",
                "RETURN (PARTIAL 3:2 COUNT) ALL ~ E PARTIAL (3:2 2:3) COUNT 3",
                "RETURN (PARTIAL 4:9) ALL ~ E PARTIAL (4:9 NIL)",
                "RETURN (PARTIAL -1:-2) ALL ~ E PARTIAL (-1:-2 2:3)",
                "RETURN (PARTIAL -3:-99 MIN) UNSEEN ~ E MIN 2 PARTIAL (-3:-99 NIL)",
                "RETURN (PARTIAL -2:-99) UNSEEN ~ E PARTIAL (-2:-99 2)",
                "OLDER 1000000 ~ 1 2 3",
                "YOUNGER 4294967295 ~ 1 2 3",
                "YOUNGER 1000000 ~ ''",
                "$ ~ ''"
            })
    void keys_find_what_they_should(String key, String found) throws IOException {
        boolean extended = found.startsWith("E");
        String answer =
                extended ? "ESEARCH (TAG \"a\")" + found.substring(1) : found.isEmpty() ? "SEARCH" : "SEARCH " + found;
        String modSeq = key.startsWith("MODSEQ") ? "\nS: * OK [HIGHESTMODSEQ 4] {*}" : "";
        talk(server.select(), "C: a SEARCH " + key + modSeq + "\nS: * " + answer + "\nS: a OK Searched");
    }

    @Test
    void words_are_found_in_any_charset_and_case() throws IOException {
        talk(server.select(), """
                C: a SEARCH CHARSET UTF-8 BODY {7}
                S: + OK
                C| Z\\xc3\\x9cRICH\\r\\n
                S: * SEARCH 2 3
                S: a OK Searched
                C| b SEARCH CHARSET utf-8 SUBJECT "gr\\xc3\\xbcsse"\\r\\n
                S: * SEARCH 1
                S: b OK Searched
                C: c SEARCH CHARSET KOI8-R BODY x
                S: c NO [BADCHARSET (US-ASCII UTF-8)] {*}
                C: d UID SEARCH RETURN (ALL COUNT) FROM smith
                S: * ESEARCH (TAG "d") UID ALL 1,3 COUNT 2
                S: d OK Searched
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "NONSENSE",
                "OR SEEN",
                "NOT",
                "(SEEN",
                "SEEN)",
                "SINCE 31-Feb-1999",
                "SINCE yesterday",
                "LARGER x",
                "RETURN (X) ALL",
                "RETURN (PARTIAL) ALL",
                "RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL",
                "RETURN (PARTIAL 0:1) ALL",
                "RETURN (PARTIAL 1:-1) ALL",
                "RETURN (PARTIAL 1:4294967296) ALL",
                "RETURN (PARTIAL 1:2 ALL) ALL",
                "OLDER 0",
                "YOUNGER 4294967296",
                "$1"
            })
    void wrong_search_is_refused(String key) throws IOException {
        talk(server.select(), "C: a SEARCH " + key + "\nS: a BAD {*}");
    }

    @Test
    void what_was_found_is_saved_for_the_dollar_sign() throws IOException {
        MemoryLine line = server.select();
        talk(line, """
                C: a SEARCH RETURN (SAVE) UNSEEN
                S: a OK Searched
                C: b FETCH $ UID
                S: * 2 FETCH (UID 2)
                S: * 3 FETCH (UID 3)
                S: b OK Fetched
                C: c UID SEARCH RETURN (SAVE COUNT) $ FLAGGED
                S: * ESEARCH (TAG "c") UID COUNT 1
                S: c OK Searched
                C: d SEARCH OR $ SEEN
                S: * SEARCH 1 2
                S: d OK Searched
                C: e SEARCH RETURN (SAVE MIN) ALL
                S: * ESEARCH (TAG "e") MIN 1
                S: e OK Searched
                C: f UID STORE $ +FLAGS (\\Flagged)
                S: * 1 FETCH (UID 1 FLAGS (\\Answered \\Flagged \\Seen \\Recent))
                S: f OK Stored
                C: g SEARCH RETURN (SAVE MIN MAX PARTIAL 2:2) ALL
                S: * ESEARCH (TAG "g") MIN 1 MAX 3 PARTIAL (2:2 2)
                S: g OK Searched
                C: h SEARCH UID $
                S: * SEARCH 1 2 3
                S: h OK Searched
                C: i SEARCH RETURN (SAVE) NONSENSE
                S: i BAD {*}
                C: j SEARCH $
                S: * SEARCH 1 2 3
                S: j OK Searched
                """);
        server.inbox().expunge(UidSet.of(2));
        line.resume(server.protocol, line.conversation().suspend().orElseThrow());
        talk(line, """
                C: k NOOP
                S: * 2 EXPUNGE
                S: k OK {*}
                C: l COPY $ Trash
                S: l OK [COPYUID {*} 1,3 {*}] Copied
                C: m SEARCH RETURN (SAVE) CHARSET KOI8-R ALL
                S: m NO [BADCHARSET {*}
                C: n SEARCH $
                S: * SEARCH
                S: n OK Searched
                C: o FETCH $ UID
                S: o OK Fetched
                C: p SEARCH RETURN (SAVE) ALL
                S: p OK Searched
                C: q SELECT INBOX
                S+ q OK {*}
                C: r SEARCH $
                S: * SEARCH
                S: r OK Searched
                """);
    }

    @Test
    void nesting_is_bounded() throws IOException {
        MemoryLine line = server.select();
        talk(line, "C: a SEARCH " + "(".repeat(20_000) + "\nS: a NO [LIMIT] That search is too large");
        talk(line, "C: b SEARCH " + "NOT ".repeat(10_000) + "ALL\nS: b NO [LIMIT] That search is too large");
        talk(line, "C: c SEARCH " + "ALL ".repeat(5_000) + "ALL\nS: c NO [LIMIT] That search is too large");
    }

    @Test
    void words_are_in_utf_8_or_make_no_sense() throws IOException {
        server.fred().deliver("Subject: gr\u00c3\u00bcn\r\n\r\n");
        talk(server.select(), """
                C| a SEARCH CHARSET UTF-8 SUBJECT {2+}\\r\\n\\xc3\\xbc\\r\\n
                S: * SEARCH 1 4
                S: a OK {*}
                C| b SEARCH CHARSET UTF-8 SUBJECT {2+}\\r\\n\\xc3x\\r\\n
                S: b BAD {*}
                C| c SEARCH TEXT "\\xff"\\r\\n
                S: c BAD {*}
                C| d ESEARCH IN (inboxes) BODY "\\xff"\\r\\n
                S: d BAD {*}
                """);
    }

    @Test
    void words_and_their_number_are_bounded() throws IOException {
        MemoryLine line = server.select();
        talk(line, "C: a SEARCH BODY " + "x".repeat(1025) + "\nS: a NO [LIMIT] That search is too large");
        talk(line, "C: b SEARCH" + " TEXT x".repeat(51) + "\nS: b NO [LIMIT] That search is too large");
        talk(line, "C: c SEARCH" + " TEXT x".repeat(50) + " BEFORE 1-Jan-1900\nS: * SEARCH\nS: c OK Searched");
    }

    @Test
    void long_search_lets_others_have_their_turn_and_says_that_it_goes_on() throws IOException {
        AtomicLong time = new AtomicLong();
        List<Duration> pauses = new ArrayList<>();
        Server slow = new Server(
                Path.of("target", "data"),
                d -> {
                    pauses.add(d);
                    return CompletableFuture.completedFuture(null);
                },
                () -> time.addAndGet(Duration.ofSeconds(6).toNanos()));
        for (int i = 0; i < 3; i++) slow.inbox().add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        MemoryLine line = MemoryLine.to(
                slow.protocol, new Listener("test", "imap", true, true), new InetSocketAddress("127.0.0.1", 40000));
        talk(line, """
                S: * OK {*}
                C: 0 LOGIN fred@example.org "foo bar"
                S: 0 OK {*}
                C: 1 SELECT INBOX
                S+ 1 OK {*}
                C: a SEARCH BODY words
                S: * OK [INPROGRESS ("a" 1 3)] Still searching
                S: * OK [INPROGRESS ("a" 2 3)] Still searching
                S: * SEARCH 1 2 3
                S: a OK Searched
                """);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void search_ends_with_its_client() throws IOException {
        AtomicLong time = new AtomicLong();
        AtomicReference<MemoryLine> line = new AtomicReference<>();
        AtomicInteger pauses = new AtomicInteger();
        Server slow = new Server(
                Path.of("target", "data"),
                d -> {
                    pauses.incrementAndGet();
                    line.get().close();
                    return CompletableFuture.completedFuture(null);
                },
                () -> time.addAndGet(Duration.ofSeconds(1).toNanos()));
        for (int i = 0; i < 100; i++) slow.inbox().add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        line.set(slow.select());
        line.get().send("a SEARCH BODY words\r\n");
        assertThat(pauses).hasValue(1);
        assertThat(line.get().unread()).isEmpty();
    }
}
