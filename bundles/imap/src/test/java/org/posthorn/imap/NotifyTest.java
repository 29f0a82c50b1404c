package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Suspended;
import org.posthorn.testkit.MemoryLine;

/** NOTIFY, RFC 5465. */
class NotifyTest {

    private static final String MAIL =
            "Subject: Re: good morning\r\nFrom: alice@example.org\r\nTo: bob@example.org\r\n\r\nHello\r\n";

    /** Its clock stands still: no turn ends, however slow the machine is. */
    private final Server server = new Server(
            Path.of("target", "data"),
            d -> new CompletableFuture<Void>().completeOnTimeout(null, d.toMillis(), TimeUnit.MILLISECONDS),
            () -> 0);

    /** Until something is tried again. */
    private final List<CompletableFuture<Void>> pauses = new ArrayList<>();
    /** Until all mailboxes are looked at again. */
    private final List<CompletableFuture<Void>> rests = new ArrayList<>();

    /** One where nothing is tried again until the test says so. */
    private Server halting() {
        return new Server(
                Path.of("target", "data"),
                d -> {
                    if (d.toSeconds() < 1) return CompletableFuture.completedFuture(null);
                    CompletableFuture<Void> pause = new CompletableFuture<>();
                    if (d.toSeconds() == 10) pauses.add(pause);
                    if (d.toSeconds() == 1) rests.add(pause);
                    return pause;
                },
                () -> 0);
    }

    private void tryAgain(MemoryLine line) {
        List<CompletableFuture<Void>> over = List.copyOf(pauses);
        pauses.clear();
        over.forEach(p -> p.complete(null));
        assertThat(line.unread()).isEmpty();
    }

    private void put(String mailbox) throws IOException {
        server.fred().box(mailbox).add(MAIL, Flags.NONE);
    }

    private void flag(String mailbox, long uid) {
        FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));
        server.fred().box(mailbox).store(UidSet.of(uid), seen, OptionalLong.empty());
    }

    private void set(String mailbox, String entry) throws IOException {
        server.fred().annotations().set(mailbox, Map.of(entry, Optional.of("x")));
    }

    private MemoryLine notified(String groups) throws IOException {
        MemoryLine line = server.login();
        talk(line, "C: n NOTIFY SET " + groups + "\nS: n OK That is going to be told");
        return line;
    }

    /** Says nothing but that. */
    private static void nothing(MemoryLine line) throws IOException {
        talk(line, "C: z NOOP\nS: z OK {*}");
    }

    @Test
    void mail_is_told_as_the_example_of_the_rfc_has_it() throws IOException {
        server.fred().create("Lists.Lemonade", Optional.empty());
        server.fred().create("Lists.Im2000", Optional.empty());
        server.fred().create("misc", Optional.empty());
        server.fred().box("Lists.Lemonade").uidNext(9998);
        put("Lists.Lemonade");
        MemoryLine line = server.login();
        talk(line, """
                C: b notify set status (selected MessageNew (uid body.peek[header.fields (from to subject)]) MessageExpunge) (subtree Lists (MessageNew MessageExpunge))
                S: * STATUS Lists.Im2000 (UIDVALIDITY {*} UIDNEXT 1 MESSAGES 0)
                S: * STATUS Lists.Lemonade (UIDVALIDITY {*} UIDNEXT 9999 MESSAGES 1)
                S: b OK That is going to be told
                C: c select inbox
                S+ c OK [READ-WRITE] Selected
                """);
        put("Lists.Lemonade");
        talk(line, "S: * STATUS Lists.Lemonade (UIDNEXT 10000 MESSAGES 2)");
        put("INBOX");
        talk(line, """
                S: * 1 EXISTS
                S: * 1 RECENT
                S: * 1 FETCH (UID 1 BODY[HEADER.FIELDS (from to subject)] {*}
                S: Subject: Re: good morning
                S: From: alice@example.org
                S: To: bob@example.org
                S:
                S: )
                C: d STATUS misc (UIDVALIDITY UIDNEXT MESSAGES)
                S: * STATUS misc ({*})
                S: d OK {*}
                C: e notify set (selected (MessageNew (uid body.peek[header.fields (from to subject)]) MessageExpunge)) (subtree Lists (MessageNew MessageExpunge)) (mailboxes misc (MessageNew MessageExpunge))
                S: e OK That is going to be told
                """);
        put("misc");
        talk(line, "S: * STATUS misc (UIDNEXT 2 MESSAGES 1)");
        put("Sent");
        nothing(line);
    }

    @Test
    void flags_and_expunges_of_another_mailbox_are_told_by_its_numbers() throws IOException {
        put("Sent");
        put("Sent");
        MemoryLine plain = notified("(mailboxes Sent (MessageNew MessageExpunge FlagChange))");
        MemoryLine condstore = server.login();
        talk(condstore, """
                C: a ENABLE CONDSTORE
                S: * ENABLED CONDSTORE
                S: a OK Enabled
                C: n NOTIFY SET STATUS (mailboxes Sent (MessageNew FlagChange MessageExpunge))
                S: * STATUS Sent (UIDVALIDITY {*} UIDNEXT 3 MESSAGES 2 HIGHESTMODSEQ 3)
                S: n OK {*}
                """);
        flag("Sent", 1);
        talk(plain, "S: * STATUS Sent (UNSEEN 1)");
        talk(condstore, "S: * STATUS Sent (UIDVALIDITY {*} UNSEEN 1 HIGHESTMODSEQ 4)");
        server.fred().box("Sent").expunge(UidSet.of(2));
        talk(plain, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 1 UNSEEN 0)");
        talk(condstore, "S: * STATUS Sent (UIDVALIDITY {*} UIDNEXT 3 MESSAGES 1 UNSEEN 0 HIGHESTMODSEQ 5)");
    }

    @Test
    void selected_mailbox_is_told_between_commands() throws IOException {
        put("INBOX");
        MemoryLine line = server.select();
        talk(line, "C: n NOTIFY SET (SELECTED (MessageNew MessageExpunge FlagChange))\nS: n OK {*}");
        flag("INBOX", 1);
        talk(line, "S: * 1 FETCH (FLAGS (\\Seen \\Recent) UID 1)");
        put("INBOX");
        talk(line, "S: * 2 EXISTS\nS: * 2 RECENT");
        server.inbox().expunge(UidSet.of(1));
        talk(line, "S: * 1 EXPUNGE");
        talk(line, "C: a UID FETCH 2 (FLAGS)\nS: * 1 FETCH (UID 2 FLAGS (\\Recent))\nS: a OK {*}");
    }

    @Test
    void vanished_is_told_to_who_knows_it() throws IOException {
        put("INBOX");
        MemoryLine line = server.login();
        talk(line, """
                C: a ENABLE QRESYNC
                S+ a OK Enabled
                C: n NOTIFY SET (SELECTED (MessageNew (FLAGS) MessageExpunge))
                S: n OK {*}
                C: s SELECT INBOX
                S+ s OK {*}
                """);
        server.inbox().expunge(UidSet.of(1));
        talk(line, "S: * VANISHED 1");
        put("INBOX");
        talk(line, "S: * 1 EXISTS\nS: * 1 RECENT\nS: * 1 FETCH (UID 2 FLAGS (\\Recent) MODSEQ (4))");
    }

    @Test
    void messages_are_known_by_uid_alone_where_that_is_enabled() throws IOException {
        MemoryLine line = server.login();
        talk(line, """
                C: a ENABLE UIDONLY
                S: * ENABLED UIDONLY
                S: a OK Enabled
                C: n NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge FlagChange))
                S: n OK {*}
                C: s SELECT INBOX
                S+ s OK {*}
                """);
        put("INBOX");
        talk(line, "S: * 1 EXISTS\nS: * 1 RECENT\nS: * 1 UIDFETCH (UID 1 FLAGS (\\Recent))");
        flag("INBOX", 1);
        talk(line, "S: * 1 UIDFETCH (FLAGS (\\Seen \\Recent))");
        server.inbox().expunge(UidSet.of(1));
        talk(line, "S: * VANISHED 1");
    }

    @Test
    void delayed_expunges_wait_for_a_command_or_idle() throws IOException {
        for (int i = 0; i < 3; i++) put("INBOX");
        MemoryLine line = server.select();
        talk(line, "C: n NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge FlagChange))\nS: n OK {*}");
        server.inbox().expunge(UidSet.of(1));
        flag("INBOX", 2);
        talk(line, """
                S: * 2 FETCH (FLAGS (\\Seen \\Recent) UID 2)
                C: a FETCH 3 (UID)
                S: * 3 FETCH (UID 3)
                S: a OK {*}
                C: b NOOP
                S: * 1 EXPUNGE
                S: b OK {*}
                """);
        server.inbox().expunge(UidSet.of(2));
        talk(line, "C: c IDLE\nS: + idling\nS: * 1 EXPUNGE");
        server.inbox().expunge(UidSet.of(3));
        talk(line, "S: * 1 EXPUNGE\nC: DONE\nS: c OK Idle is over");
    }

    @Test
    void held_back_expunges_keep_mod_sequences_from_being_taken_for_all() throws IOException {
        put("INBOX");
        put("INBOX");
        MemoryLine line = server.login();
        talk(line, """
                C: a ENABLE CONDSTORE
                S+ a OK Enabled
                C: s SELECT INBOX
                S+ s OK {*}
                C: n NOTIFY SET (SELECTED-DELAYED (MessageNew MessageExpunge FlagChange))
                S: n OK {*}
                """);
        server.inbox().expunge(UidSet.of(1));
        flag("INBOX", 2);
        talk(line, """
                S+ * OK [HIGHESTMODSEQ 3] {*}
                """);
        assertThat(line.unread()).doesNotContain("EXPUNGE");
    }

    @Test
    void who_does_not_name_the_selected_mailbox_hears_of_it_no_more_but_what_he_does_himself() throws IOException {
        for (int i = 0; i < 3; i++) put("INBOX");
        MemoryLine line = server.select();
        server.inbox().expunge(UidSet.of(1));
        talk(line, "C: n NOTIFY SET (PERSONAL (MessageNew MessageExpunge))\nS: * 1 EXPUNGE\nS: n OK {*}");
        put("INBOX");
        flag("INBOX", 2);
        nothing(line);
        talk(line, "C: i IDLE\nS: + idling");
        put("Sent");
        talk(line, """
                S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)
                C: DONE
                S: i OK Idle is over
                C: a UID STORE 2 +FLAGS.SILENT (\\Deleted)
                S+ a OK Stored
                C: b EXPUNGE
                S+ b OK Expunged
                """);
        MemoryLine none = server.select();
        talk(none, "C: n NOTIFY NONE\nS: n OK Nothing is going to be told");
        put("INBOX");
        nothing(none);
        talk(none, """
                C: a STORE 1 +FLAGS (\\Deleted)
                S: * 1 FETCH (FLAGS ({*}))
                S: a OK Stored
                C: b EXPUNGE
                S+ b OK Expunged
                """);
    }

    @Test
    void what_the_client_puts_into_a_mailbox_itself_is_not_told_to_it() throws IOException {
        MemoryLine line = server.select();
        talk(line, """
                C: n NOTIFY SET (SELECTED (MessageNew (UID) MessageExpunge)) (PERSONAL (MessageNew MessageExpunge))
                S: n OK {*}
                C: a APPEND INBOX {12+}
                C: Subject: x
                C:
                S: * 1 EXISTS
                S: * 1 RECENT
                S: a OK [APPENDUID {*}] Appended
                C: b UID COPY 1 INBOX
                S: * 2 EXISTS
                S: * 2 RECENT
                S: b OK {*}
                C: c UID COPY 1 Sent
                S: c OK {*}
                C: d UID MOVE 1 Trash
                S: * OK [COPYUID {*}] Moved
                S: * 1 EXPUNGE
                S: d OK Moved
                """.replace("C: Subject: x\nC:\n", "C| Subject: x\\r\\n\\r\\n\n"));
        nothing(line);
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 2)");
        put("INBOX");
        talk(line, "S: * 2 EXISTS\nS: * 2 RECENT\nS: * 2 FETCH (UID 3)");
    }

    @Test
    void names_are_told_as_they_come_and_go() throws IOException {
        MemoryLine line = notified("(PERSONAL (MailboxName))");
        server.fred().create("NewMailbox", Optional.empty());
        talk(line, "S: * LIST (\\HasNoChildren) \".\" NewMailbox");
        server.fred().create("NewMailbox.below", Optional.empty());
        talk(line, """
                S: * LIST (\\HasChildren) "." NewMailbox
                S: * LIST (\\HasNoChildren) "." NewMailbox.below
                """);
        server.fred().rename("NewMailbox", "Other");
        talk(line, "S: * LIST (\\HasChildren) \".\" Other (\"OLDNAME\" (NewMailbox))");
        server.fred().delete("Other.below");
        talk(line, """
                S: * LIST (\\HasNoChildren) "." Other
                S: * LIST (\\NonExistent) "." Other.below
                """);
        server.fred().rename("INBOX", "Old");
        talk(line, "S: * LIST (\\HasNoChildren) \".\" Old");
        talk(line, """
                C: a CREATE Mine
                S: a OK {*}
                C: b RENAME Mine Yours
                S: b OK {*}
                C: c DELETE Yours
                S: c OK Deleted
                """);
        nothing(line);
        talk(line, "C: d NOTIFY NONE\nS: d OK {*}");
        server.fred().create("x", Optional.empty());
        nothing(line);
        assertThat(server.fred().watchers()).isZero();
    }

    @Test
    void subscriptions_are_told_and_change_what_is_subscribed() throws IOException {
        MemoryLine line = notified("(SUBSCRIBED (SubscriptionChange MessageNew MessageExpunge))");
        put("Sent");
        nothing(line);
        server.fred().subscribe("Sent");
        talk(line, """
                S: * LIST (\\HasNoChildren \\Subscribed \\Sent) "." Sent
                S: * STATUS Sent (UIDVALIDITY {*} UIDNEXT 2 MESSAGES 1)
                """);
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 2)");
        server.fred().subscribe("nothing");
        talk(line, "S: * LIST (\\NonExistent \\Subscribed) \".\" nothing");
        server.fred().unsubscribe("Sent");
        talk(line, "S: * LIST (\\HasNoChildren \\Sent) \".\" Sent");
        put("Sent");
        talk(line, "C: a SUBSCRIBE Trash\nS: a OK {*}");
        nothing(line);
    }

    @Test
    void annotations_are_told_of_the_mailboxes_that_are_named() throws IOException {
        MemoryLine mailboxes = notified("(MAILBOXES inbox (MailboxMetadataChange))");
        MemoryLine servers = notified("(MAILBOXES nothing (ServerMetadataChange))");
        set("INBOX", "/private/comment");
        set("Sent", "/private/comment");
        set("", "/private/vendor/x/y");
        talk(mailboxes, "S: * METADATA INBOX /private/comment");
        talk(servers, "S: * METADATA \"\" /private/vendor/x/y");
        nothing(mailboxes);
        nothing(servers);
    }

    @Test
    void groups_add_up_until_one_asks_for_nothing() throws IOException {
        MemoryLine line = notified(
                "(mailboxes INBOX (MessageNew MessageExpunge)) (mailboxes (Trash \"Sent*\") NONE) (personal (SubscriptionChange)) (subtree Trash (MessageNew MessageExpunge))");
        put("INBOX");
        talk(line, "S: * STATUS INBOX (UIDNEXT 2 MESSAGES 1)");
        server.fred().subscribe("INBOX");
        talk(line, "S: * LIST (\\HasNoChildren \\Subscribed) \".\" INBOX");
        put("Trash");
        server.fred().subscribe("Trash");
        nothing(line);
        server.fred().subscribe("Sent");
        talk(line, "S: * LIST (\\HasNoChildren \\Subscribed \\Sent) \".\" Sent");
    }

    @Test
    void what_cannot_be_told_is_no() throws IOException {
        String all = "MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange"
                + " ServerMetadataChange";
        MemoryLine line = notified("(mailboxes Sent (MessageNew MessageExpunge))");
        for (String event : new String[] {"AnnotationChange", "MessageNew MessageExpunge AnnotationChange", "Nonsense"})
            talk(line, "C: a NOTIFY SET (personal (" + event + "))\nS: a NO [BADEVENT (" + all + ")] {*}");
        talk(line, "C: b NOTIFY SET (selected (MessageNew MessageExpunge Nonsense))\nS: b NO [BADEVENT {*}");
        talk(
                line,
                "C: c NOTIFY SET" + " (personal (MailboxName))".repeat(101) + "\nS: c NO [NOTIFICATIONOVERFLOW] {*}");
        for (int i = 0; i < 1000; i++) server.fred().create("m" + i, Optional.empty());
        talk(line, "C: d NOTIFY SET (personal (MailboxName))\nS: d NO [NOTIFICATIONOVERFLOW] {*}");
        // What was asked for before holds.
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SET",
                "NONE x",
                "SET NONE",
                "SET STATUS",
                "SET status (personal)",
                "SET (personal ())",
                "SET (personal (MessageNew))",
                "SET (personal (MessageExpunge))",
                "SET (personal (FlagChange))",
                "SET (selected (MailboxName))",
                "SET (selected-delayed (ServerMetadataChange))",
                "SET (personal (MessageNew (UID) MessageExpunge))",
                "SET (selected (MessageNew () MessageExpunge))",
                "SET (selected (MessageNew (NONSENSE) MessageExpunge))",
                "SET (selected (MessageNew ALL MessageExpunge)",
                "SET (selected NONE) (selected NONE)",
                "SET (selected NONE) (selected-delayed NONE)",
                "SET (subtree-one INBOX (MailboxName))",
                "SET (nonsense (MailboxName))",
                "SET (mailboxes (MailboxName))",
                "SET (mailboxes () (MailboxName))",
                "SET (personal (MailboxName)) ",
                "SET (personal (MailboxName))x",
                "SET (personal (MailboxName)"
            })
    void nonsense_is_bad(String arguments) throws IOException {
        talk(server.login(), "C: a NOTIFY " + arguments + "\nS: a BAD {*}\nC: b NOOP\nS: b OK {*}");
    }

    @Test
    void stranger_may_not_ask_and_is_told_nothing_behind_unauthenticate() throws IOException {
        talk(server.connect(), "C: a NOTIFY NONE\nS: a BAD {*}");
        MemoryLine line = notified("(personal (MessageNew MessageExpunge))");
        talk(line, """
                C: d UNAUTHENTICATE
                S: d OK {*}
                C: e LOGIN fred@example.org "foo bar"
                S: e OK {*}
                """);
        put("INBOX");
        nothing(line);
        assertThat(server.fred().watchers()).isZero();
    }

    @Test
    void too_many_mailboxes_that_come_later_end_it() throws IOException {
        MemoryLine line = notified("(personal (MailboxName))");
        for (int i = 0; i < 1000; i++) server.fred().create("m" + i, Optional.empty());
        talk(line, "S: * OK [NOTIFICATIONOVERFLOW] {*}");
        server.fred().delete("m0");
        nothing(line);
        assertThat(server.fred().watchers()).isZero();
    }

    @Test
    void many_changes_become_few_lines() throws IOException {
        MemoryLine line = notified("(personal (MessageNew MessageExpunge))");
        for (int i = 0; i < 1000; i++) put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 1001 MESSAGES 1000)");
        nothing(line);
    }

    @Test
    void another_version_goes_on() throws IOException {
        put("INBOX");
        MemoryLine line = server.select();
        talk(line, """
                C: n NOTIFY SET (SELECTED (MessageNew (BODY.PEEK[HEADER.FIELDS ("Subject")]) MessageExpunge)) (MAILBOXES ("a &AOQ- b" Sent) (MailboxName MessageNew MessageExpunge)) (PERSONAL (ServerMetadataChange))
                S: n OK {*}
                """);
        Suspended page = line.conversation().suspend().orElseThrow();
        assertThat(page.version()).isEqualTo(4);
        put("Sent");
        server.fred().create("a \u00e4 b", Optional.empty());
        var old = line.conversation();
        line.resume(server.protocol, page);
        old.closed();
        talk(line, """
                S: * LIST (\\HasNoChildren) "." "a &AOQ- b"
                S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)
                """);
        put("INBOX");
        talk(line, """
                S: * 2 EXISTS
                S: * 2 RECENT
                S: * 2 FETCH (BODY[HEADER.FIELDS (Subject)] {*}
                S: Subject: Re: good morning
                S:
                S: )
                """);
        set("", "/private/x");
        talk(line, "S: * METADATA \"\" /private/x");
        talk(line, "C: x NOTIFY NONE\nS: x OK {*}");
        Suspended none = line.conversation().suspend().orElseThrow();
        line.resume(server.protocol, none);
        put("INBOX");
        nothing(line);
    }

    @Test
    void idle_goes_on_in_another_version_and_so_does_what_is_told_behind_it() throws IOException {
        MemoryLine line = notified("(SELECTED (MessageNew MessageExpunge)) (PERSONAL (MessageNew MessageExpunge))");
        talk(line, "C: i IDLE\nS: + idling");
        Suspended page = line.conversation().suspend().orElseThrow();
        var old = line.conversation();
        line.resume(server.protocol, page);
        old.closed();
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)\nC: DONE\nS: i OK Idle is over");
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 2)");
    }

    @Test
    void mailboxes_that_are_away_are_looked_at_when_they_come_back() throws IOException {
        MemoryLine line = notified("(PERSONAL (MessageNew MessageExpunge MailboxName))");
        server.protocol.unbindStore(server.store);
        put("Sent");
        server.fred().create("x", Optional.empty());
        talk(line, "C: a CAPABILITY\nS+ a OK {*}");
        server.protocol.bindStore(server.store, Map.of());
        talk(line, "S: * LIST (\\HasNoChildren) \".\" x\nS: * STATUS Sent (UIDNEXT 2 MESSAGES 1)");
    }

    @Test
    void selection_that_changes_is_followed() throws IOException {
        MemoryLine line = notified("(SELECTED (MessageNew MessageExpunge)) (INBOXES (MessageNew MessageExpunge))");
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)\nC: s SELECT Sent\nS+ s OK {*}");
        put("Sent");
        talk(line, "S: * 2 EXISTS\nS: * 2 RECENT\nC: u UNSELECT\nS: u OK {*}");
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 4 MESSAGES 3)");
    }

    @Test
    void selected_mailbox_that_is_deleted_ends_the_session() throws IOException {
        server.fred().create("x", Optional.empty());
        MemoryLine line = notified("(SELECTED (MessageNew MessageExpunge))");
        talk(line, "C: s SELECT x\nS+ s OK {*}");
        server.fred().delete("x");
        talk(line, "S: * BYE The selected mailbox has been deleted or renamed{*}");
    }

    @Test
    void mailbox_that_cannot_be_read_keeps_nobody_from_hearing_of_others() throws IOException {
        MemoryLine line = notified("(PERSONAL (MessageNew MessageExpunge MailboxName))");
        server.fred().box("Sent").unreadable(new IOException("Input/output error"));
        server.fred().create("x", Optional.empty());
        put("Sent");
        put("Trash");
        talk(line, "S: * LIST (\\HasNoChildren) \".\" x\nS: * STATUS Trash (UIDNEXT 2 MESSAGES 1)");
        talk(
                server.login(),
                "C: n NOTIFY SET STATUS (MAILBOXES (Sent Trash) (MessageNew MessageExpunge))\n"
                        + "S: * STATUS Trash (UIDVALIDITY {*} UIDNEXT 2 MESSAGES 1)\nS: n OK {*}");
        server.fred().box("Sent").unreadable(null);
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 2)");
    }

    private void boss(Flags flags) throws IOException {
        server.inbox().add("From: boss@example.org\r\nSubject: x\r\n\r\n", flags);
    }

    @Test
    void search_fetches_what_it_finds_of_new_mail() throws IOException {
        MemoryLine line = server.select();
        talk(line, """
                C: a00 SEARCH RETURN (COUNT UPDATE (UID BODY[HEADER.FIELDS (FROM)])) FROM "boss"
                S: * ESEARCH (TAG "a00") COUNT 0
                S: a00 OK {*}
                """);
        put("INBOX");
        boss(Flags.NONE);
        talk(line, """
                C: a NOOP
                S: * 2 EXISTS
                S: * 2 RECENT
                S: * 2 FETCH (UID 2 BODY[HEADER.FIELDS (FROM)] {26}
                S: From: boss@example.org
                S:
                S: )
                S: * ESEARCH (TAG "a00") ADDTO (0 2)
                S: a OK {*}
                """);
        var page = line.conversation().suspend().orElseThrow();
        assertThat(page.version()).isEqualTo(4);
        line.resume(server.protocol, page);
        boss(Flags.NONE);
        talk(line, """
                C: b NOOP
                S: * 3 EXISTS
                S: * 3 RECENT
                S: * 3 FETCH (UID 3 BODY[HEADER.FIELDS (FROM)] {26}
                S: From: boss@example.org
                S:
                S: )
                S: * ESEARCH (TAG "a00") ADDTO (0 3)
                S: b OK {*}
                C: c CANCELUPDATE "a00"
                S: c OK {*}
                C: d NOOP
                S: d OK {*}
                """);
    }

    @Test
    void new_mail_that_cannot_be_fetched_is_told_all_the_same() throws IOException {
        put("INBOX");
        MemoryLine line = server.select();
        talk(line, """
                C: a00 SEARCH RETURN (COUNT UPDATE (UID)) FROM "boss"
                S: * ESEARCH (TAG "a00") COUNT 0
                S: a00 OK {*}
                """);
        server.inbox().expunge(UidSet.of(1));
        put("INBOX");
        boss(Flags.NONE);
        server.inbox().unlisted(UidSet.of(3), new IOException("Input/output error"));
        talk(line, """
                C: a NOOP
                S: * 1 EXPUNGE
                S: * 2 EXISTS
                S: * 2 RECENT
                S: * ESEARCH (TAG "a00") ADDTO (0 2)
                S: a OK {*}
                """);
    }

    @Test
    void search_fetches_no_message_that_was_there_or_is_the_clients_own() throws IOException {
        put("INBOX");
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SEARCH RETURN (UPDATE (UID)) SEEN
                S: * ESEARCH (TAG "a") UID
                S: a OK {*}
                """);
        flag("INBOX", 1);
        talk(line, """
                C: b NOOP
                S: * 1 FETCH (FLAGS (\\Seen \\Recent))
                S: * ESEARCH (TAG "a") UID ADDTO (0 1)
                S: b OK {*}
                C: c NOTIFY SET (SELECTED (MessageNew (FLAGS) MessageExpunge))
                S: c OK {*}
                C: d UID COPY 1 INBOX
                S: * 2 EXISTS
                S: * 2 RECENT
                S: * ESEARCH (TAG "a") UID ADDTO (0 2)
                S: d OK {*}
                C: e SEARCH RETURN (UPDATE (NONSENSE)) SEEN
                S: e BAD {*}
                C: e SEARCH RETURN (UPDATE ()) SEEN
                S: e BAD {*}
                """);
    }

    @Test
    void search_and_notify_fetch_a_message_once() throws IOException {
        MemoryLine line = server.select();
        talk(line, """
                C: a UID SEARCH RETURN (UPDATE (UID RFC822.SIZE)) FROM "boss"
                S: * ESEARCH (TAG "a") UID
                S: a OK {*}
                C: b NOTIFY SET (SELECTED (MessageNew (UID FLAGS) MessageExpunge))
                S: b OK {*}
                """);
        boss(Flags.NONE);
        talk(line, """
                S: * 1 EXISTS
                S: * 1 RECENT
                S: * 1 FETCH (UID 1 RFC822.SIZE 38 FLAGS (\\Recent))
                S: * ESEARCH (TAG "a") UID ADDTO (0 1)
                """);
        put("INBOX");
        talk(line, "S: * 2 EXISTS\nS: * 2 RECENT\nS: * 2 FETCH (UID 2 FLAGS (\\Recent))");
    }

    @Test
    void what_others_share_is_told_to_who_asks_for_it() throws IOException {
        server.fred().create("Work", Optional.empty());
        MemoryLine alice = server.login("alice@example.org");
        talk(
                alice,
                "C: n NOTIFY SET (subtree Users (MessageNew MessageExpunge MailboxName)) (personal (MessageNew MessageExpunge))\nS: n OK {*}");
        MemoryLine fred = server.login();
        talk(fred, "C: a SETACL Work alice@example.org lr\nS: a OK {*}");
        nothing(alice);
        server.store.of("alice@example.org").told("");
        talk(alice, """
                S: * LIST (\\NonExistent \\HasChildren) "/" Users/fred@example.org
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Work
                """);
        put("Work");
        talk(alice, "S: * STATUS Users/fred@example.org/Work (UIDNEXT 2 MESSAGES 1)");
        talk(fred, "C: b DELETEACL Work alice@example.org\nS: b OK {*}");
        talk(alice, """
                S: * LIST (\\NonExistent) "/" Users/fred@example.org
                S: * LIST (\\NonExistent) "/" Users/fred@example.org/Work
                """);
        put("Work");
        nothing(alice);
    }

    @Test
    void mailbox_of_another_is_told_of_when_it_is_selected() throws IOException {
        server.fred().create("Work", Optional.empty());
        server.fred().access().give("Work", "alice@example.org", "lr");
        MemoryLine alice = server.login("alice@example.org");
        talk(
                alice,
                "C: n NOTIFY SET (selected (MessageNew MessageExpunge))\nS: n OK {*}\nC: s SELECT Users/fred@example.org/Work\nS+ s OK {*}");
        put("Work");
        talk(alice, "S: * 1 EXISTS\nS: * 1 RECENT");
    }

    @Test
    void selecting_a_mailbox_of_another_has_no_other_looked_at() throws IOException {
        server.fred().create("Work", Optional.empty());
        server.fred().access().give("Work", "alice@example.org", "lr");
        MemoryLine alice = server.login("alice@example.org");
        talk(
                alice,
                "C: n NOTIFY SET (selected (MessageNew MessageExpunge)) (personal (MessageNew MessageExpunge))\nS: n OK {*}");
        nothing(alice);
        int before = server.store.of("alice@example.org").lookups();
        talk(alice, "C: s SELECT Users/fred@example.org/Work\nS+ s OK {*}");
        put("Work");
        talk(alice, "S: * 1 EXISTS\nS: * 1 RECENT");
        assertThat(server.store.of("alice@example.org").lookups()).isEqualTo(before);
        talk(alice, "C: i IDLE\nS: + idling");
        put("Work");
        talk(alice, "S: * 2 EXISTS\nS: * 2 RECENT\nC: DONE\nS: i OK {*}\nC: u UNSELECT\nS: u OK {*}");
        put("Work");
        nothing(alice);
        assertThat(server.fred().box("Work").watchers()).isZero();
    }

    /** RFC 5465 5: all events need l and r. */
    @Test
    void mailbox_that_may_not_be_looked_up_is_told_of_with_commands_alone() throws IOException {
        server.fred().create("Work", Optional.empty());
        server.fred().access().give("Work", "alice@example.org", "r");
        MemoryLine alice = server.login("alice@example.org");
        talk(alice, "C: n NOTIFY SET (selected (MessageNew MessageExpunge))\nS: n OK {*}");
        talk(alice, "C: s SELECT Users/fred@example.org/Work\nS+ s OK {*}");
        assertThat(server.fred().box("Work").watchers()).isZero();
        put("Work");
        talk(alice, "C: a NOOP\nS: * 1 EXISTS\nS: * 1 RECENT\nS: a OK {*}");
        server.fred().access().give("Work", "alice@example.org", "lr");
        server.store.of("alice@example.org").told("");
        talk(alice, "C: b NOOP\nS+ b OK {*}");
        put("Work");
        talk(alice, "S: * 2 EXISTS\nS: * 2 RECENT");
    }

    @Test
    void what_comes_and_goes_is_looked_at_once_in_a_while_and_nothing_else() throws IOException {
        Server halting = halting();
        MemoryLine line = halting.login();
        talk(line, "C: n NOTIFY SET (personal (MailboxName))\nS: n OK {*}");
        nothing(line);
        int before = halting.fred().lookups();
        halting.fred().create("a", Optional.empty());
        talk(line, "S: * LIST (\\HasNoChildren) \".\" a");
        halting.fred().create("b", Optional.empty());
        halting.fred().create("c", Optional.empty());
        halting.fred().told("");
        nothing(line);
        rests.remove(0).complete(null);
        talk(line, "S: * LIST (\\HasNoChildren) \".\" b\nS: * LIST (\\HasNoChildren) \".\" c");
        nothing(line);
        assertThat(halting.fred().lookups() - before)
                .isLessThan(halting.fred().list().size());
        assertThat(rests).hasSize(1);
    }

    @Test
    void mailbox_that_comes_again_under_its_name_is_another() throws IOException {
        put("Sent");
        MemoryLine line = notified("(personal (MessageNew MessageExpunge))");
        server.fred().delete("Sent");
        server.fred().create("Sent", Optional.empty());
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDVALIDITY {*} UIDNEXT 2 MESSAGES 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MessageNew MessageExpunge",
                "MailboxName",
                "SubscriptionChange",
                "MailboxMetadataChange",
                "ServerMetadataChange"
            })
    void mailbox_that_may_not_be_read_is_said_to_be_so(String events) throws IOException {
        for (String rights : new String[] {"l", "lr", "r"}) {
            server.fred().create("Work-" + rights, Optional.empty());
            server.fred().access().give("Work-" + rights, "alice@example.org", rights);
        }
        MemoryLine alice = server.login("alice@example.org");
        talk(alice, """
                C: n NOTIFY SET (subtree Users (EVENTS)) (personal (EVENTS))
                S: * LIST (\\NoAccess) "/" Users/fred@example.org/Work-l
                S: n OK {*}
                """.replace("EVENTS", events));
    }

    @Test
    void what_could_not_be_watched_is_watched_when_that_is_tried_again() throws IOException {
        Server halting = halting();
        halting.fred().unwatched(new IOException("The mailbox format maildir is not there"));
        MemoryLine line = halting.login();
        talk(line, "C: n NOTIFY SET (personal (MessageNew MessageExpunge))\nS: n OK {*}");
        halting.fred().unwatched(null);
        tryAgain(line);
        halting.fred().box("Sent").add(MAIL, Flags.NONE);
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)");
    }

    @Test
    void old_watch_rings_until_another_can_be_had() throws IOException {
        Server halting = halting();
        MemoryLine line = halting.login();
        talk(line, "C: n NOTIFY SET (personal (MessageNew MessageExpunge))\nS: n OK {*}");
        halting.fred().unwatched(new IOException("Input/output error"));
        halting.fred().told("");
        nothing(line);
        tryAgain(line);
        halting.fred().box("Sent").add(MAIL, Flags.NONE);
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)");
        assertThat(pauses).hasSize(1);
        halting.fred().unwatched(null);
        tryAgain(line);
        halting.fred().box("Sent").add(MAIL, Flags.NONE);
        talk(line, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 2)");
        assertThat(halting.fred().watchers()).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void idle_is_told_of_mail_when_a_mailbox_can_be_read_again() throws IOException {
        Server halting = halting();
        MemoryLine line = halting.select();
        talk(line, "C: i IDLE\nS: + idling");
        halting.inbox().unreadable(new IOException("Input/output error"));
        halting.fred().deliver(MAIL);
        assertThat(line.unread()).isEmpty();
        tryAgain(line);
        halting.inbox().unreadable(null);
        pauses.forEach(p -> p.complete(null));
        talk(line, "S: * 1 EXISTS\nS: * 1 RECENT\nC: DONE\nS: i OK Idle is over");
    }

    @Test
    void news_of_another_mailbox_are_told_when_it_can_be_read_again() throws IOException {
        Server halting = halting();
        MemoryLine line = halting.login();
        talk(line, "C: n NOTIFY SET (personal (MessageNew MessageExpunge))\nS: n OK {*}");
        nothing(line);
        halting.fred().box("Sent").unreadable(new IOException("Input/output error"));
        halting.fred().box("Sent").add(MAIL, Flags.NONE);
        halting.fred().box("Trash").add(MAIL, Flags.NONE);
        talk(line, "S: * STATUS Trash (UIDNEXT 2 MESSAGES 1)");
        tryAgain(line);
        halting.fred().box("Sent").unreadable(null);
        pauses.forEach(p -> p.complete(null));
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)");
    }

    @Test
    void accounts_that_cannot_be_watched_keep_nobody_from_hearing_of_others() throws IOException {
        for (String one : new String[] {"ann@example.org", "bob@elsewhere.example"}) {
            server.store.of(one).create("Work", Optional.empty());
            server.store.of(one).access().give("Work", "anyone", "lr");
        }
        server.store.of("ann@example.org").unwatched(new IOException("Input/output error"));
        MemoryLine line =
                notified("(SUBTREE Users (MessageNew MessageExpunge)) (PERSONAL (MessageNew MessageExpunge))");
        server.store.of("bob@elsewhere.example").box("Work").add(MAIL, Flags.NONE);
        talk(line, "S: * STATUS Users/bob@elsewhere.example/Work (UIDNEXT 2 MESSAGES 1)");
        server.fred().unwatched(new IOException("Input/output error"));
        server.fred().told("");
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 2 MESSAGES 1)");
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 3 MESSAGES 2)");
        server.fred().unwatched(null);
        put("Sent");
        talk(line, "S: * STATUS Sent (UIDNEXT 4 MESSAGES 3)");
        assertThat(server.fred().watchers()).isEqualTo(1);
    }
}
