package org.posthorn.imap;

import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.testkit.MemoryLine;

class MailboxesTest {

    private final Server server = new Server();

    @Test
    void special_mailboxes_are_listed_with_their_use() throws IOException {
        talk(server.login(), """
                C: a LIST "" "*"
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * LIST (\\HasNoChildren \\Archive) "." Archive
                S: * LIST (\\HasNoChildren \\Drafts) "." Drafts
                S: * LIST (\\HasNoChildren \\Junk) "." Junk
                S: * LIST (\\HasNoChildren \\Sent) "." Sent
                S: * LIST (\\HasNoChildren \\Trash) "." Trash
                S: a OK {*}
                C: b LIST "" ""
                S: * LIST (\\Noselect) "." ""
                S: b OK {*}
                C: c LIST (SPECIAL-USE) "" (Junk INBOX "nothing")
                S: * LIST (\\HasNoChildren \\Junk) "." Junk
                S: c OK {*}
                C: d CREATE Mine (USE (\\Archive))
                S: d OK [MAILBOXID {*}
                C: e CREATE Wrong (USE (\\Nonsense))
                S: e NO [USEATTR] {*}
                C: f LIST "" M% RETURN (SPECIAL-USE)
                S: * LIST (\\HasNoChildren \\Archive) "." Mine
                S: f OK {*}
                """);
    }

    @Test
    void wildcards_reference_and_levels_work_as_rfc_3501_says() throws IOException {
        talk(server.login(), """
                C: a CREATE a.b.c.
                S: a OK [MAILBOXID {*}
                C: b CREATE ab
                S: b OK [MAILBOXID {*}
                C: c LIST "" a%
                S: * LIST (\\Noselect \\HasChildren) "." a
                S: * LIST (\\HasNoChildren) "." ab
                S: c OK {*}
                C: d LIST a. %
                S: * LIST (\\Noselect \\HasChildren) "." a.b
                S: d OK {*}
                C: e LIST a. *c
                S: * LIST (\\HasNoChildren) "." a.b.c
                S: e OK {*}
                C: f LIST "" inbox
                S: * LIST (\\HasNoChildren) "." INBOX
                S: f OK {*}
                C: g LIST "" "*a*%.*%c*"
                S: * LIST (\\HasNoChildren) "." a.b.c
                S: g OK {*}
                """);
    }

    @Test
    void names_go_in_modified_utf_7() throws IOException {
        // RFC 3501 5.1.3
        talk(server.login(), """
                C: a CREATE "~peter.mail.&U,BTFw-.&ZeVnLIqe-"
                S: a OK [MAILBOXID {*}
                C: b LIST "" ~peter.mail.%
                S: * LIST (\\Noselect \\HasChildren) "." ~peter.mail.&U,BTFw-
                S: b OK {*}
                C: c CREATE "Tom &- Jerry"
                S: c OK [MAILBOXID {*}
                C: d STATUS "Tom &- Jerry" (MESSAGES)
                S: * STATUS "Tom &- Jerry" (MESSAGES 0)
                S: d OK {*}
                C: e CREATE "&wrong"
                S: e NO [CANNOT] {*}
                C: f CREATE "&AA/-"
                S: f NO [CANNOT] {*}
                C| g CREATE "gr\\xc3\\xbcn"\\r\\n
                S: g OK [MAILBOXID {*}
                C: n CREATE "gr&APw-n"
                S: n NO [ALREADYEXISTS] There is a mailbox gr&APw-n
                C: h DELETE "gr&APw-n"
                S: h OK Deleted
                """);
    }

    @Test
    void create_delete_and_rename_say_why_not() throws IOException {
        talk(server.login(), """
                C: a CREATE Sent
                S: a NO [ALREADYEXISTS] {*}
                C: b CREATE inbox
                S: b NO [ALREADYEXISTS] {*}
                C: c DELETE inbox
                S: c NO [CANNOT] {*}
                C: d DELETE nothing
                S: d NO [NONEXISTENT] {*}
                C: e RENAME nothing something
                S: e NO [NONEXISTENT] {*}
                C: f RENAME Sent Trash
                S: f NO [ALREADYEXISTS] {*}
                C: g SELECT nothing
                S: g NO [NONEXISTENT] {*}
                C: h STATUS nothing (MESSAGES)
                S: h NO [NONEXISTENT] {*}
                """);
    }

    @Test
    void rename_takes_along_what_lies_below_and_what_is_selected() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(server.login(), """
                C: a CREATE x.y
                S: a OK [MAILBOXID {*}
                C: b SELECT x.y
                S+ b OK [READ-WRITE] Selected
                C: c RENAME x.y z.y
                S: c OK Renamed
                C: d NOOP
                S: d OK {*}
                C: e STATUS z.y (MESSAGES)
                S: * STATUS z.y (MESSAGES 0)
                S: e OK {*}
                C: f RENAME INBOX old
                S: f OK Renamed
                C: g STATUS old (MESSAGES)
                S: * STATUS old (MESSAGES 1)
                S: g OK {*}
                C: h STATUS INBOX (MESSAGES)
                S: * STATUS INBOX (MESSAGES 0)
                S: h OK {*}
                """);
    }

    @Test
    void subscriptions_are_kept_apart_from_mailboxes() throws IOException {
        talk(server.login(), """
                C: a SUBSCRIBE news.mail.misc
                S: a OK Subscribed
                C: b SUBSCRIBE Sent
                S: b OK Subscribed
                C: c LSUB "" "*"
                S: * LSUB () "." Sent
                S: * LSUB () "." news.mail.misc
                S: c OK {*}
                C: d LSUB "news." %
                S: * LSUB (\\Noselect) "." news.mail
                S: d OK {*}
                C: e LIST (SUBSCRIBED) "" * RETURN (CHILDREN)
                S: * LIST (\\HasNoChildren \\Subscribed \\Sent) "." Sent
                S: * LIST (\\NonExistent \\Subscribed) "." news.mail.misc
                S: e OK {*}
                C: f UNSUBSCRIBE news.mail.misc
                S: f OK Unsubscribed
                C: g LSUB "" news*
                S: g OK {*}
                """);
    }

    @Test
    void recursive_match_tells_of_parents() throws IOException {
        // RFC 5258 5, examples 8 and 9
        talk(server.login(), """
                C: a CREATE foo2.bar1
                S: a OK [MAILBOXID {*}
                C: b SUBSCRIBE foo2.bar1
                S: b OK Subscribed
                C: c LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
                S: * LIST (\\NonExistent \\HasChildren) "." foo2 ("CHILDINFO" ("SUBSCRIBED"))
                S: c OK {*}
                C: d LIST (RECURSIVEMATCH) "" "%"
                S: d BAD {*}
                C: e LIST (NONSENSE) "" "%"
                S: e BAD {*}
                """);
    }

    /** RFC 5258 5, example 9: what is told anyway has no parent told because of it. */
    @Test
    void parents_of_what_is_told_are_not() throws IOException {
        MemoryLine line = server.login();
        for (String name : List.of("foo2.bar1", "foo2.bar2", "baz2.bar2", "baz2.bar22", "eps2.mamba", "qux2.bar2"))
            talk(line, "C: a CREATE " + name + "\nS: a OK {*}\nC: b SUBSCRIBE " + name + "\nS: b OK {*}");
        for (String name : List.of("foo2", "baz2", "eps2")) talk(line, "C: a CREATE " + name + "\nS: a OK {*}");
        talk(line, """
                C: b SUBSCRIBE eps2
                S: b OK {*}
                C: c LIST (RECURSIVEMATCH SUBSCRIBED) "" "*2"
                S: * LIST (\\HasNoChildren \\Subscribed) "." baz2.bar2
                S: * LIST (\\HasNoChildren \\Subscribed) "." baz2.bar22
                S: * LIST (\\HasChildren \\Subscribed) "." eps2 ("CHILDINFO" ("SUBSCRIBED"))
                S: * LIST (\\HasChildren) "." foo2 ("CHILDINFO" ("SUBSCRIBED"))
                S: * LIST (\\HasNoChildren \\Subscribed) "." foo2.bar2
                S: * LIST (\\HasNoChildren \\Subscribed) "." qux2.bar2
                S: c OK {*}
                C: d LIST (SUBSCRIBED RECURSIVEMATCH) "" "eps2"
                S: * LIST (\\HasChildren \\Subscribed) "." eps2 ("CHILDINFO" ("SUBSCRIBED"))
                S: d OK {*}
                C: e LIST "" (qux% x)
                S: * LIST (\\NonExistent \\HasChildren) "." qux2
                S: e OK {*}
                C: f CREATE uses.one (USE (\\Archive))
                S: f OK {*}
                C: h LIST (SPECIAL-USE RECURSIVEMATCH) "" u%
                S: * LIST (\\NonExistent \\HasChildren) "." uses ("CHILDINFO" ("SPECIAL-USE"))
                S: h OK {*}
                C: g LIST "" qux%
                S: * LIST (\\Noselect \\HasChildren) "." qux2
                S: g OK {*}
                """);
    }

    @Test
    void status_comes_with_list_when_asked_for() throws IOException {
        server.fred().deliver("Subject: x\r\n\r\nx");
        talk(server.login(), """
                C: a LIST "" IN% RETURN (STATUS (MESSAGES UNSEEN RECENT UIDNEXT UIDVALIDITY SIZE))
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * STATUS INBOX (MESSAGES 1 UNSEEN 1 RECENT 1 UIDNEXT 2 UIDVALIDITY 3857529044 SIZE 15)
                S: a OK {*}
                C: b STATUS INBOX (HIGHESTMODSEQ)
                S: * STATUS INBOX (HIGHESTMODSEQ 2)
                S: b OK {*}
                C: c STATUS INBOX (NONSENSE)
                S: c BAD {*}
                C: d STATUS INBOX ()
                S: d BAD {*}
                """);
    }

    @Test
    void mailbox_whose_status_cannot_be_read_is_listed_with_all_others() throws IOException {
        server.fred().box("Sent").unreadable(new IOException("Input/output error"));
        talk(server.login(), """
                C: a LIST "" (Sent Trash) RETURN (STATUS (MESSAGES))
                S: * LIST (\\HasNoChildren \\Sent) "." Sent
                S: * LIST (\\HasNoChildren \\Trash) "." Trash
                S: * STATUS Trash (MESSAGES 0)
                S: a OK That is all
                """);
    }
}
