package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Listener;
import org.posthorn.testkit.MemoryLine;

/** MULTISEARCH, RFC 7377. */
class MultiSearchTest {

    private final Server server = new Server();

    private void box(String name, long firstUid, String... subjects) throws IOException {
        if (server.fred().box(name) == null) server.fred().create(name, java.util.Optional.empty());
        if (firstUid > 0) server.fred().box(name).uidNext(firstUid);
        for (String subject : subjects) server.fred().box(name).add("Subject: " + subject + "\r\n\r\n", Flags.NONE);
    }

    private void boxes() throws IOException {
        box("INBOX", 0, "chad", "x");
        box("folder1", 3001, "chad", "x", "chad");
        box("folder2", 0);
        box("folder2.banana", 3002, "x");
        box("folder2.peach", 921691, "x", "chad");
        box("folder2.peach.stone", 7, "chad");
        box("folder22", 0, "chad");
    }

    @Test
    void mailboxes_are_told_one_by_one() throws IOException {
        boxes();
        talk(server.login(), """
                C: tag1 ESEARCH IN (mailboxes "folder1" subtree "folder2") unseen
                S: * ESEARCH (TAG "tag1" MAILBOX folder1 UIDVALIDITY {*}) UID ALL 3001:3003
                S: * ESEARCH (TAG "tag1" MAILBOX folder2.banana UIDVALIDITY {*}) UID ALL 3002
                S: * ESEARCH (TAG "tag1" MAILBOX folder2.peach UIDVALIDITY {*}) UID ALL 921691:921692
                S: * ESEARCH (TAG "tag1" MAILBOX folder2.peach.stone UIDVALIDITY {*}) UID ALL 7
                S: tag1 OK Searched
                C: tag2 ESEARCH IN (mailboxes "folder1" subtree-one "folder2") subject "chad"
                S: * ESEARCH (TAG "tag2" MAILBOX folder1 UIDVALIDITY {*}) UID ALL 3001,3003
                S: * ESEARCH (TAG "tag2" MAILBOX folder2.peach UIDVALIDITY {*}) UID ALL 921692
                S: tag2 OK Searched
                C: tag3 ESEARCH IN (mailboxes nowhere subtree (none folder22 folder22)) RETURN (MIN MAX COUNT) ALL
                S: * ESEARCH (TAG "tag3" MAILBOX folder22 UIDVALIDITY {*}) UID MIN 1 MAX 1 COUNT 1
                S: tag3 OK Searched
                C: tag4 ESEARCH IN (mailboxes (inbox folder1)) RETURN (COUNT) SUBJECT nothing
                S: tag4 OK Searched
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"personal", "inboxes", "personal inboxes mailboxes inbox subtree folder2"})
    void all_mailboxes_can_be_meant(String source) throws IOException {
        boxes();
        server.fred().subscribe("folder1");
        talk(server.login(), "C: a ESEARCH IN (" + source + ") RETURN (COUNT) CHARSET UTF-8 SUBJECT chad" + """

                S: * ESEARCH (TAG "a" MAILBOX INBOX UIDVALIDITY 3857529044) UID COUNT 1
                S: * ESEARCH (TAG "a" MAILBOX folder1 UIDVALIDITY {*}) UID COUNT 2
                S: * ESEARCH (TAG "a" MAILBOX folder2.peach UIDVALIDITY {*}) UID COUNT 1
                S: * ESEARCH (TAG "a" MAILBOX folder2.peach.stone UIDVALIDITY {*}) UID COUNT 1
                S: * ESEARCH (TAG "a" MAILBOX folder22 UIDVALIDITY {*}) UID COUNT 1
                S: a OK Searched
                C: b ESEARCH IN (subscribed) RETURN (COUNT) SUBJECT chad
                S: * ESEARCH (TAG "b" MAILBOX folder1 UIDVALIDITY {*}) UID COUNT 2
                S: b OK Searched
                """);
    }

    @Test
    void numbers_are_those_of_each_mailbox_and_may_lie_beyond() throws IOException {
        boxes();
        talk(server.select(), """
                C: a ESEARCH IN (selected mailboxes (folder1 folder22)) 2:100
                S: * ESEARCH (TAG "a" MAILBOX INBOX UIDVALIDITY {*}) UID ALL 2
                S: * ESEARCH (TAG "a" MAILBOX folder1 UIDVALIDITY {*}) UID ALL 3002:3003
                S: a OK Searched
                C: b ESEARCH IN (mailboxes folder1) RETURN (PARTIAL 2:3) UID 1:*
                S: * ESEARCH (TAG "b" MAILBOX folder1 UIDVALIDITY {*}) UID PARTIAL (2:3 3002:3003)
                S: b OK Searched
                C: c SEARCH 101:200
                S: * SEARCH
                S: c OK Searched
                C: d ESEARCH 3:4 *
                S: d OK Searched
                """);
    }

    @Test
    void selected_mailbox_is_meant_without_a_source() throws IOException {
        boxes();
        talk(server.login(), "C: a ESEARCH ALL\nS: a BAD {*}");
        talk(server.select(), """
                C: a ESEARCH SUBJECT chad
                S: * ESEARCH (TAG "a" MAILBOX INBOX UIDVALIDITY 3857529044) UID ALL 1
                S: a OK Searched
                C: b ESEARCH RETURN (SAVE) SUBJECT x
                S: b OK Searched
                C: c SEARCH $
                S: * SEARCH 2
                S: c OK Searched
                C: d ESEARCH IN (selected) RETURN (SAVE COUNT) SUBJECT none
                S: d OK Searched
                C: e SEARCH $
                S: * SEARCH
                S: e OK Searched
                C: f ESEARCH IN (mailboxes folder1) RETURN (COUNT) $
                S: f OK Searched
                """);
    }

    @Test
    void answer_for_the_selected_mailbox_is_kept_up_to_date() throws IOException {
        boxes();
        MemoryLine line = server.select();
        talk(line, """
                C: a ESEARCH IN (personal) RETURN (UPDATE COUNT) FLAGGED
                S: a OK Searched
                C: a ESEARCH RETURN (UPDATE) ALL
                S: a BAD {*}
                C: b ESEARCH IN (mailboxes folder1) RETURN (UPDATE COUNT) FLAGGED
                S: * NO [NOUPDATE "b"] {*}
                S: b OK Searched
                """);
        FlagChange change = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.FLAGGED));
        server.fred().box("folder1").store(UidSet.of(3001), change, OptionalLong.empty());
        server.inbox().store(UidSet.of(2), change, OptionalLong.empty());
        line.resume(server.protocol, line.conversation().suspend().orElseThrow());
        talk(line, """
                C: c NOOP
                S: * 2 FETCH (FLAGS (\\Flagged \\Recent))
                S: * ESEARCH (TAG "a" MAILBOX INBOX UIDVALIDITY 3857529044) UID ADDTO (0 2)
                S: c OK {*}
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "ESEARCH IN (selected) ALL",
                "ESEARCH IN (mailboxes folder1 selected) ALL",
                "ESEARCH IN (mailboxes INBOX) RETURN (SAVE) ALL",
                "ESEARCH IN (mailboxes INBOX) RETURN (UPDATE) ALL",
                "ESEARCH IN (selected-delayed) ALL",
                "ESEARCH IN (nonsense) ALL",
                "ESEARCH IN () ALL",
                "ESEARCH IN (mailboxes) ALL",
                "ESEARCH IN (mailboxes ()) ALL",
                "ESEARCH IN (personal (X 1)) ALL",
                "ESEARCH IN (personal)",
                "ESEARCH IN (personal) NONSENSE",
                "ESEARCH IN personal ALL",
                "ESEARCH",
                "UID ESEARCH ALL"
            })
    void wrong_search_is_refused(String command) throws IOException {
        talk(server.login(), "C: a " + command + "\nS: a BAD {*}");
    }

    @Test
    void names_are_bounded_and_charsets_known() throws IOException {
        talk(server.login(), "C: a ESEARCH IN (mailboxes (" + names(1000) + ")) ALL\nS: a NO [LIMIT] {*}");
        talk(server.login(), "C: a ESEARCH IN (mailboxes (" + names(999) + ")) ALL\nS: a OK {*}");
        talk(server.login(), "C: a ESEARCH IN (" + "personal ".repeat(1000) + "personal) ALL\nS: a NO [LIMIT] {*}");
        talk(server.login(), "C: a ESEARCH IN (personal) CHARSET KOI8-R ALL\nS: a NO [BADCHARSET {*}");
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "x" + i).collect(Collectors.joining(" "));
    }

    @Test
    void inbox_may_be_written_in_any_case_and_the_empty_name_is_none() throws IOException {
        box("INBOX.sub", 0, "x");
        talk(server.login(), """
                C: a ESEARCH IN (mailboxes inBox.sub) ALL
                S: * ESEARCH (TAG "a" MAILBOX INBOX.sub UIDVALIDITY {*}) UID ALL 1
                S: a OK {*}
                C: b ESEARCH IN (mailboxes Inboxes.sub subtree "" subtree-one "") ALL
                S: b OK {*}
                """);
    }

    @Test
    void message_or_mailbox_that_goes_away_is_passed_over() throws IOException {
        box("INBOX", 0, "x", "x");
        box("Drafts", 0, "x", "x");
        box("Trash", 0, "x", "x");
        server.inbox().fails(1, new NoSuchFileException("1"));
        server.fred().box("Drafts").fails(2, new MailboxFault(MailboxFault.Kind.NONEXISTENT, "It is gone"));
        server.fred().box("Trash").fails(1, new FileNotFoundException("1"));
        MemoryLine line = server.select();
        talk(line, """
                C: a SEARCH SUBJECT x
                S: * SEARCH 2
                S: a OK {*}
                C: b ESEARCH IN (personal) SUBJECT x
                S: * ESEARCH (TAG "b" MAILBOX INBOX UIDVALIDITY {*}) UID ALL 2
                S: * ESEARCH (TAG "b" MAILBOX Trash UIDVALIDITY {*}) UID ALL 2
                S: b OK {*}
                """);
        server.inbox().fails(2, new MailboxFault(MailboxFault.Kind.NONEXISTENT, "It is gone"));
        talk(line, "C: c ESEARCH IN (personal) SUBJECT x\nS: c NO [NONEXISTENT] {*}");
    }

    @Test
    void answer_with_a_name_that_is_another_now_ends() throws IOException {
        boxes();
        talk(server.login(), """
                C: a SELECT folder1
                S+ a OK {*}
                C: b ESEARCH RETURN (UPDATE COUNT) FLAGGED
                S: b OK {*}
                C: c UID SEARCH RETURN (UPDATE) FLAGGED
                S: * ESEARCH (TAG "c") UID
                S: c OK {*}
                C: d RENAME folder1 folder9
                S: * NO [NOUPDATE "b"] {*}
                S: d OK {*}
                C: e UID STORE 3001 +FLAGS.SILENT (\\Flagged)
                S: * ESEARCH (TAG "c") UID ADDTO (0 3001)
                S: e OK {*}
                """);
    }

    @Test
    void long_search_has_turns() throws IOException {
        AtomicLong time = new AtomicLong();
        Server slow = new Server(
                Path.of("target", "data"),
                d -> CompletableFuture.completedFuture(null),
                () -> time.addAndGet(Duration.ofSeconds(4).toNanos()));
        for (int i = 0; i < 2; i++) slow.inbox().add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        slow.fred().box("Trash").add("Subject: x\r\n\r\nwords\r\n", Flags.NONE);
        MemoryLine line = MemoryLine.to(
                slow.protocol, new Listener("test", "imap", true, true), new InetSocketAddress("127.0.0.1", 40000));
        talk(line, """
                S: * OK {*}
                C: 0 LOGIN fred@example.org "foo bar"
                S: 0 OK {*}
                C: a ESEARCH IN (mailboxes (inbox trash Trash)) BODY words
                S+ * ESEARCH (TAG "a" MAILBOX INBOX UIDVALIDITY {*}) UID ALL 1:2
                S+ * ESEARCH (TAG "a" MAILBOX Trash UIDVALIDITY {*}) UID ALL 1
                S+ a OK Searched
                """);
    }

    @Test
    void client_without_numbers_searches_by_uid() throws IOException {
        boxes();
        talk(server.login(), """
                C: a ENABLE UIDONLY
                S: * ENABLED UIDONLY
                S: a OK {*}
                C: b ESEARCH IN (mailboxes folder22) UID 1
                S: * ESEARCH (TAG "b" MAILBOX folder22 UIDVALIDITY {*}) UID ALL 1
                S: b OK Searched
                C: c ESEARCH IN (mailboxes folder22) 1
                S: c BAD [UIDREQUIRED] {*}
                """);
    }
}
