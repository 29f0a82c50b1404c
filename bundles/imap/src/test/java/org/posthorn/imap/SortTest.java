package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.mime.StoredMessage;
import org.posthorn.testkit.MemoryLine;

/** SORT, RFC 5256 and 5957, and its extended answers, RFC 5267 3. */
class SortTest {

    private final Server server = new Server();

    private void put(String header, int day, int extra) throws IOException {
        server.inbox()
                .append(
                        StoredMessage.of(header + "\r\n" + "x".repeat(extra)),
                        Flags.NONE,
                        Instant.parse("2001-01-0" + day + "T00:00:00Z"));
    }

    private MemoryLine four() throws IOException {
        put(
                "From: \"Zoe\" <beta@x>\r\nTo: Ann <delta@x>\r\nCc: <k@x>\r\nSubject: Re: apple\r\nDate: Mon, 1 Jan 2001 10:00:00 +0000\r\n",
                4,
                100);
        put(
                "From: alpha@x\r\nTo: Team: carl@x;\r\nSubject: Banana\r\nDate: Mon, 1 Jan 2001 01:00:00 -1000\r\n",
                3,
                300);
        put(
                "From: =?utf-8?q?=C3=84nne?= <gamma@x>\r\nTo: bert@x\r\nCc: a@x\r\nSubject: =?utf-8?q?=C3=84pfel?=\r\nDate: Mon, 1 Jan 2001 12:00:00 +0300\r\n",
                2,
                0);
        put("Subject: APPLE\r\nDate: no date\r\n", 1, 50);
        return server.select();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "(ARRIVAL) UTF-8 ALL ~ SORT 4 3 2 1",
                "(REVERSE ARRIVAL) UTF-8 ALL ~ SORT 1 2 3 4",
                "(SIZE) US-ASCII ALL ~ SORT 4 3 1 2",
                "(SUBJECT) UTF-8 ALL ~ SORT 1 4 3 2",
                "(SUBJECT REVERSE ARRIVAL) UTF-8 ALL ~ SORT 1 4 3 2",
                "(SUBJECT ARRIVAL) UTF-8 ALL ~ SORT 4 1 3 2",
                "(REVERSE SUBJECT) UTF-8 ALL ~ SORT 2 3 1 4",
                "(FROM) UTF-8 ALL ~ SORT 4 2 1 3",
                "(TO) UTF-8 ALL ~ SORT 4 3 1 2",
                "(CC) UTF-8 ALL ~ SORT 2 4 3 1",
                "(DATE) UTF-8 ALL ~ SORT 4 3 1 2",
                "(DISPLAYFROM) UTF-8 ALL ~ SORT 4 2 3 1",
                "(DISPLAYTO) UTF-8 ALL ~ SORT 4 1 3 2",
                "(SUBJECT) utf-8 1:3 NOT 2 ~ SORT 1 3",
                "(SUBJECT) \"UTF-8\" LARGER 100000 ~ SORT",
                "(ARRIVAL) UTF-8 MODSEQ 4 ~ SORT 4 3 (MODSEQ 5)",
                "RETURN () (ARRIVAL) UTF-8 ALL ~ ESEARCH (TAG \"a\") ALL 4,3,2,1",
                "RETURN (ALL) (SIZE) UTF-8 ALL ~ ESEARCH (TAG \"a\") ALL 4,3,1:2",
                "RETURN (MIN MAX COUNT) (ARRIVAL) UTF-8 ALL ~ ESEARCH (TAG \"a\") MIN 4 MAX 1 COUNT 4",
                "RETURN (PARTIAL 1:2) (SUBJECT) UTF-8 ALL ~ ESEARCH (TAG \"a\") PARTIAL (1:2 1,4)",
                "RETURN (PARTIAL -1:-2) (SUBJECT) UTF-8 ALL ~ ESEARCH (TAG \"a\") PARTIAL (-1:-2 3,2)"
            })
    void messages_are_sorted(String asked, String told) throws IOException {
        String modSeq = asked.contains("MODSEQ") ? "\nS: * OK [HIGHESTMODSEQ 5] {*}" : "";
        talk(four(), "C: a SORT " + asked + modSeq + "\nS: * " + told + "\nS: a OK Searched");
    }

    @Test
    void they_are_told_by_uid_and_saved() throws IOException {
        MemoryLine line = four();
        server.inbox().expunge(UidSet.of(1));
        talk(line, """
                C: a UID SORT RETURN (SAVE MIN) (ARRIVAL) UTF-8 ALL
                S: * ESEARCH (TAG "a") UID MIN 4
                S: * 1 EXPUNGE
                S: a OK Searched
                C: b SEARCH $
                S: * SEARCH 3
                S: b OK Searched
                C: c UID SORT (SUBJECT) UTF-8 ALL
                S: * SORT 4 3 2
                S: c OK Searched
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "(NONSENSE) UTF-8 ALL",
                "() UTF-8 ALL",
                "(REVERSE) UTF-8 ALL",
                "(SUBJECT) ALL",
                "(SUBJECT) UTF-8",
                "SUBJECT UTF-8 ALL"
            })
    void wrong_sort_is_refused(String asked) throws IOException {
        MemoryLine line = four();
        line.send("a SORT " + asked + "\r\n");
        assertThat(line.read()).matches("a (BAD|NO \\[BADCHARSET).*");
    }

    @Test
    void other_charsets_are_not_known() throws IOException {
        talk(four(), "C: a SORT (SUBJECT) KOI8-R ALL\nS: a NO [BADCHARSET (US-ASCII UTF-8)] {*}");
    }
}
