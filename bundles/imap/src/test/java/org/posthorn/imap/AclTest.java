package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Suspended;
import org.posthorn.testkit.MemoryLine;

/** Rights, RFC 4314, with RFC 8440, and the mailboxes that others share by them, RFC 2342. */
class AclTest {

    private static final String ALICE = "alice@example.org";
    private static final String SHARED = "Users/fred@example.org/Work";

    private final Server server = new Server();

    private void work(String identifier, String rights) throws IOException {
        if (server.fred().box("Work") == null) {
            server.fred().create("Work", Optional.empty());
            for (int i = 0; i < 3; i++) server.fred().box("Work").add("Subject: " + i + "\r\n\r\ntext\r\n", Flags.NONE);
        }
        server.fred().access().give("Work", identifier, rights);
    }

    private MemoryLine alice() throws IOException {
        return server.login(ALICE);
    }

    private MemoryLine selecting() throws IOException {
        MemoryLine line = alice();
        talk(line, "C: 1 SELECT " + SHARED + "\nS+ 1 OK [READ-WRITE] Selected");
        return line;
    }

    @Test
    void what_another_appends_is_not_held_against_what_the_owner_has_sent() throws IOException {
        work(ALICE, "li");
        talk(alice(), "C: a APPEND " + SHARED + " {1+}\nC: x\nS: a OK {*}");
        assertThat(server.fred().box("Work").byOwner()).isZero();
        talk(server.login(), "C: a APPEND Work {1+}\nC: x {1+}\nC: x\nS: a OK {*}");
        assertThat(server.fred().box("Work").byOwner()).isEqualTo(2);
    }

    @Test
    void rights_are_set_as_the_examples_of_the_rfc_have_it() throws IOException {
        talk(server.login(), """
                C: c CREATE INBOX.Drafts
                S: c OK [MAILBOXID ({*})] Created
                C: A001 SeTacl INBOX.Drafts David lrswida
                S: A001 OK Set
                C: A002 getacl INBOX.Drafts
                S: * ACL INBOX.Drafts david@example.org lrswiteda fred@example.org lrswipkxtecda
                S: A002 OK Those are its rights
                """);
        talk(server.login(), """
                C: A003 Setacl INBOX.Drafts Byron lrswikda
                S: A003 OK Set
                C: A004 SETACL INBOX.Drafts Chris lrswi
                S: A004 OK Set
                C: A005 SETACL INBOX.Drafts Chris +cda
                S: A005 OK Set
                C: A006 SETACL INBOX.Drafts David -wd
                S: A006 OK Set
                C: A007 GETACL INBOX.Drafts
                S: * ACL INBOX.Drafts byron@example.org lrswiktecda chris@example.org lrswikxtecda david@example.org lrsia fred@example.org lrswipkxtecda
                S: A007 OK Those are its rights
                C: A035 SETACL INBOX.Drafts John lrQswicda
                S: A035 BAD Rights are lrswipkxtecda
                C: A036 SETACL INBOX.Drafts John lrqswicda
                S: A036 BAD Rights are lrswipkxtecda
                C: B001 DeleteAcl INBOX.Drafts David
                S: B001 OK Deleted
                C: B002 DELETEACL INBOX.Drafts Byron
                S: B002 OK Deleted
                C: B003 SETACL INBOX.Drafts -Chris wetd
                S: B003 OK Set
                C: B004 GETACL INBOX.Drafts
                S: * ACL INBOX.Drafts -chris@example.org wted chris@example.org lrswikxtecda fred@example.org lrswipkxtecda
                S: B004 OK Those are its rights
                """);
    }

    /** RFC 9670 3.2, changedBy. */
    @Test
    void the_store_is_told_who_changes_rights() throws IOException {
        work(ALICE, "lra");
        talk(alice(), "C: a SETACL " + SHARED + " carol@example.org lr\nS: a OK Set");
        assertThat(server.fred().access().changer()).isEqualTo(Address.of(ALICE));
        talk(server.login(), "C: a DELETEACL Work carol@example.org\nS: a OK Deleted");
        assertThat(server.fred().access().changer()).isEqualTo(Address.of("fred@example.org"));
    }

    @Test
    void what_can_be_given_and_what_one_has_are_told() throws IOException {
        work("anyone", "lr");
        talk(server.login(), """
                C: a LISTRIGHTS Work smith
                S: * LISTRIGHTS Work smith "" l r s w i p k x t e c d a
                S: a OK Those can be given
                C: b LISTRIGHTS Work "FRED@example.org"
                S: * LISTRIGHTS Work FRED@example.org la r s w i p k x t e c d
                S: b OK Those can be given
                C: c MYRIGHTS Work
                S: * MYRIGHTS Work lrswipkxtecda
                S: c OK Those are your rights
                C: d SETACL Work fred ""
                S: d OK Set
                C: e MYRIGHTS Work
                S: * MYRIGHTS Work lra
                S: e OK Those are your rights
                C: f DELETEACL Work anyone
                S: f OK Deleted
                C: g MYRIGHTS Work
                S: * MYRIGHTS Work la
                S: g OK Those are your rights
                C: h DELETEACL Work fred
                S: h OK Deleted
                C: i MYRIGHTS Work
                S: * MYRIGHTS Work lrswipkxtecda
                S: i OK Those are your rights
                """);
    }

    /** RFC 4314 2: what begins with a dash takes rights from somebody else. */
    @Test
    void owner_whose_address_begins_with_a_dash_is_named_by_no_identifier() throws IOException {
        talk(server.login("-bob@example.org"), """
                C: a LISTRIGHTS INBOX -bob@example.org
                S: * LISTRIGHTS INBOX -bob@example.org "" l r s w i p k x t e c d a
                S: a OK {*}
                C: b GETACL INBOX
                S: * ACL INBOX
                S: b OK {*}
                C: c SETACL INBOX -bob@example.org lr
                S: c OK Set
                C: d GETACL INBOX
                S: * ACL INBOX -bob@example.org lr
                S: d OK {*}
                C: e MYRIGHTS INBOX
                S: * MYRIGHTS INBOX lrswipkxtecda
                S: e OK {*}
                """);
    }

    @Test
    void what_others_share_is_found() throws IOException {
        work(ALICE, "lr");
        server.fred().create("Work.2024.May", Optional.empty());
        server.fred().create("Secret", Optional.empty());
        talk(alice(), """
                C: a NAMESPACE
                S: * NAMESPACE (("" ".")) (("Users/" "/")) NIL
                S: a OK Those are the namespaces
                C: b LIST "" Users/*
                S: * LIST (\\Noselect \\HasChildren) "/" Users/fred@example.org
                S: * LIST (\\HasChildren) "/" Users/fred@example.org/Work
                S: * LIST (\\Noselect \\HasChildren) "/" Users/fred@example.org/Work/2024
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Work/2024/May
                S: b OK That is all
                C: c LIST "" U%
                S: * LIST (\\Noselect \\HasChildren) "/" Users
                S: c OK That is all
                C: c1 LIST "" *Work
                S: c1 OK That is all
                C: c2 LIST "" %sers
                S: c2 OK That is all
                C: c3 LIST Users/fred@example.org/ ""
                S: * LIST (\\Noselect) "/" Users/
                S: c3 OK That is all
                C: d LIST Users/fred@example.org/ %
                S: * LIST (\\HasChildren) "/" Users/fred@example.org/Work
                S: d OK That is all
                C: e SUBSCRIBE Users/fred@example.org/Work
                S: e OK Subscribed
                C: f LSUB "" Users/*
                S: * LSUB () "/" Users/fred@example.org/Work
                S: f OK That is all
                C: f1 LIST "" *Work
                S: f1 OK That is all
                C: f2 LIST "" *Work RETURN (SUBSCRIBED)
                S: * LIST (\\HasChildren \\Subscribed) "/" Users/fred@example.org/Work
                S: f2 OK That is all
                C: f3 LSUB "" *
                S: * LSUB () "/" Users/fred@example.org/Work
                S: f3 OK That is all
                C: g LIST (SUBSCRIBED) "" U*
                S: * LIST (\\HasChildren \\Subscribed) "/" Users/fred@example.org/Work
                S: g OK That is all
                C: h STATUS Users/fred@example.org/Work (MESSAGES)
                S: * STATUS Users/fred@example.org/Work (MESSAGES 3)
                S: h OK That is its state
                """);
        talk(server.login("bob@elsewhere.example"), "C: a LIST \"\" Users*\nS: a OK That is all");
    }

    @Test
    void a_mailbox_of_ones_own_may_be_called_as_the_namespace() throws IOException {
        work(ALICE, "lr");
        talk(alice(), """
                C: a CREATE Users.x
                S: a OK {*}
                C: b LIST "" Users*
                S: * LIST (\\Noselect \\HasChildren) "." Users
                S: * LIST (\\HasNoChildren) "." Users.x
                S: * LIST (\\Noselect \\HasChildren) "/" Users/fred@example.org
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Work
                S: b OK That is all
                """);
    }

    @Test
    void rights_are_told_with_a_list() throws IOException {
        work(ALICE, "lr");
        server.fred().create("Box", Optional.empty());
        server.fred().access().give("Box", ALICE, "lx");
        talk(alice(), """
                C: a LIST "" (INBOX Users/%/%) RETURN (MYRIGHTS STATUS (MESSAGES))
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * MYRIGHTS INBOX lrswipkxtecda
                S: * STATUS INBOX (MESSAGES 0)
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Box
                S: * MYRIGHTS Users/fred@example.org/Box lxc
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Work
                S: * MYRIGHTS Users/fred@example.org/Work lr
                S: * STATUS Users/fred@example.org/Work (MESSAGES 3)
                S: a OK That is all
                C: b LIST "" Users/% RETURN (MYRIGHTS)
                S: * LIST (\\NonExistent \\HasChildren) "/" Users/fred@example.org
                S: b OK That is all
                C: c SUBSCRIBE Users/fred@example.org/Work
                S: c OK Subscribed
                C: d LIST (SUBSCRIBED RECURSIVEMATCH) "" Users/% RETURN (MYRIGHTS)
                S: * LIST (\\NonExistent \\HasChildren) "/" Users/fred@example.org ("CHILDINFO" ("SUBSCRIBED"))
                S: d OK That is all
                """);
    }

    @Test
    void select_tells_what_may_be_changed() throws IOException {
        work(ALICE, "lrwis");
        talk(alice(), """
                C: A142 SELECT Users/fred@example.org/Work
                S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
                S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Seen \\Draft \\*)] Flags permitted
                S+ A142 OK [READ-WRITE] Selected
                C: A143 MYRIGHTS Users/fred@example.org/Work
                S: * MYRIGHTS Users/fred@example.org/Work lrswi
                S: A143 OK Those are your rights
                C: a EXPUNGE
                S: a NO [NOPERM] {*}
                C: b STORE 1 +FLAGS (\\Deleted)
                S: b NO [NOPERM] {*}
                C: c STORE 1 FLAGS (\\Deleted \\Seen)
                S: * 1 FETCH (FLAGS (\\Seen{*}))
                S: c OK Stored
                """);
        server.fred().box("Work").add("Subject: x\r\n\r\n", Flags.of(Flags.DELETED));
        talk(selecting(), """
                C: a STORE 4 FLAGS (\\Answered)
                S: * 4 FETCH (FLAGS (\\Answered \\Deleted{*}))
                S: a OK Stored
                C: b CLOSE
                S: b OK Nothing is selected any more
                """);
        assertThat(server.fred().box("Work").status().messages()).isEqualTo(4);
    }

    @Test
    void who_may_only_read_has_it_read_only_and_leaves_no_trace() throws IOException {
        work(ALICE, "lr");
        talk(alice(), """
                C: a SELECT Users/fred@example.org/Work
                S: * FLAGS {*}
                S: * OK [PERMANENTFLAGS ()] Read-only
                S+ a OK [READ-ONLY] Selected, for reading
                C: b FETCH 1 BODY[TEXT]
                S: * 1 FETCH (BODY[TEXT] {6}
                S: text
                S: )
                S: b OK Fetched
                C: c STORE 1 +FLAGS (\\Seen)
                S: c NO [READ-ONLY] {*}
                """);
        work(ALICE, "lrw");
        talk(selecting(), "C: a FETCH 1 BODY[TEXT]\nS: * 1 FETCH (BODY[TEXT] {6}\nS: text\nS: )\nS: a OK Fetched");
        assertThat(server.fred().box("Work").status().unseen()).isEqualTo(3);
    }

    @Test
    void copies_have_the_flags_that_may_be_set_in_the_target() throws IOException {
        work(ALICE, "rwis");
        MemoryMailbox inbox = server.store.of(ALICE).box("INBOX");
        inbox.add("Subject: 1\r\n\r\n", Flags.of(Flags.DRAFT | Flags.DELETED));
        inbox.add("Subject: 2\r\n\r\n", Flags.of(Flags.ANSWERED));
        inbox.add("Subject: 3\r\n\r\n", Flags.named(List.of("$Forwarded", "\\Seen")));
        MemoryLine line = alice();
        talk(
                line,
                "C: A004 SELECT INBOX\nS+ A004 OK {*}\nC: A005 COPY 1:3 " + SHARED
                        + "\nS: A005 OK [COPYUID {*}] Copied");
        work(ALICE, "rsti");
        talk(line, "C: A006 COPY 1:3 " + SHARED + "\nS: A006 OK [COPYUID {*}] Copied");
        assertThat(server.fred().box("Work").entries(UidSet.range(4, 9)))
                .extracting(e -> String.join(" ", e.flags().names()))
                .containsExactly("\\Draft", "\\Answered", "\\Seen $Forwarded", "\\Deleted", "", "\\Seen");
    }

    @Test
    void who_may_only_put_something_in_learns_nothing() throws IOException {
        work(ALICE, "liw");
        MemoryLine line = alice();
        server.store.of(ALICE).deliver("Subject: a\r\n\r\n");
        talk(line, """
                C: a APPEND Users/fred@example.org/Work (\\Seen $Label) {18+}
                C| Subject: hello\\r\\n\\r\\n\\r\\n
                S: a OK Appended
                C: b SELECT INBOX
                S+ b OK {*}
                C: c COPY 1 Users/fred@example.org/Work
                S: c OK Copied
                C: d STATUS Users/fred@example.org/Work (MESSAGES)
                S: d NO [NOPERM] {*}
                """);
        assertThat(server.fred().box("Work").status().messages()).isEqualTo(5);
        assertThat(server.fred()
                        .box("Work")
                        .entries(UidSet.of(4))
                        .get(0)
                        .flags()
                        .names())
                .containsExactly("$Label");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE %s",
                "RENAME %s x",
                "RENAME %s %s2",
                "SETACL %s alice lr",
                "DELETEACL %s alice",
                "GETACL %s",
                "LISTRIGHTS %s alice",
                "MYRIGHTS %s",
                "SELECT %s",
                "EXAMINE %s",
                "STATUS %s (MESSAGES)",
                "GETMETADATA %s /shared/comment",
                "SETMETADATA %s (/shared/comment \"x\")",
                "CREATE %s",
                "CREATE %s/below",
                "APPEND %s {14+}\r\nSubject: a\r\n\r\n",
                "COPY 1 %s",
                "MOVE 1 %s"
            })
    void who_may_not_look_it_up_is_not_told_that_it_is_there(String command) throws IOException {
        work("bob@elsewhere.example", "lrswipkxtea");
        server.store.of(ALICE).deliver("Subject: a\r\n\r\n");
        MemoryLine line = alice();
        talk(line, "C: s SELECT INBOX\nS+ s OK {*}");
        String there = answer(line, command.replace("%s", SHARED));
        for (String absent : new String[] {
            "Users/fred@example.org/None", "Users/nobody@example.org/Work", "Users/../fred@example.org/Work", "Users/x"
        }) assertThat(answer(line, command.replace("%s", absent))).isEqualTo(there);
        assertThat(there).startsWith("a NO [").doesNotContain("Work");
        assertThat(server.store.exists(Address.of("nobody@example.org"))).isFalse();
    }

    private static String answer(MemoryLine line, String command) throws IOException {
        line.send(command.isEmpty() ? "" : "a " + command + "\r\n");
        String answer = line.read();
        while (!answer.startsWith("a ")) answer = line.read();
        return answer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE %s",
                "RENAME %s Users/fred@example.org/x",
                "CREATE %s/below",
                "SETACL %s alice lr",
                "DELETEACL %s alice",
                "GETACL %s",
                "LISTRIGHTS %s alice",
                "SETMETADATA %s (/shared/comment \"x\")",
                "APPEND %s {14+}\r\nSubject: a\r\n\r\n",
                "COPY 1 %s",
                "MOVE 1 INBOX",
                "REPLACE 1 INBOX {14+}\r\nSubject: a\r\n\r\n",
                "EXPUNGE",
                "UID EXPUNGE 1",
                "STORE 1 +FLAGS (\\Deleted)"
            })
    void each_needs_its_right(String command) throws IOException {
        work(ALICE, "lrs");
        MemoryLine line = selecting();
        assertThat(answer(line, command.replace("%s", SHARED))).startsWith("a NO [NOPERM] ");
        assertThat(server.fred().box("Work").status().messages()).isEqualTo(3);
    }

    @Test
    void mailboxes_are_made_renamed_and_deleted_by_who_may() throws IOException {
        work(ALICE, "lrkx");
        talk(alice(), """
                C: a CREATE Users/fred@example.org/Work/New/
                S: a OK [MAILBOXID ({*})] Created
                C: b MYRIGHTS Users/fred@example.org/Work/New
                S: * MYRIGHTS Users/fred@example.org/Work/New lrkxc
                S: b OK Those are your rights
                C: c RENAME Users/fred@example.org/Work/New Users/fred@example.org/Work/Old
                S: c OK Renamed
                C: d RENAME Users/fred@example.org/Work/Old Users/fred@example.org/Top
                S: d NO [NOPERM] {*}
                C: e RENAME Users/fred@example.org/Work/Old Mine
                S: e NO [CANNOT] A mailbox stays with its owner
                C: f DELETE Users/fred@example.org/Work/Old
                S: f OK Deleted
                C: g CREATE Users/fred@example.org/Top
                S: g NO [NOPERM] {*}
                C: h CREATE Users/fred@example.org/Work/Drafts (USE (\\Drafts))
                S: h NO [CANNOT] {*}
                C: i CREATE Users/fred@example.org/Work/a.b
                S: i NO [NOPERM] {*}
                """);
        assertThat(server.fred().box("Work.Old")).isNull();
    }

    @Test
    void a_mailbox_goes_along_only_with_the_right_to_take_it() throws IOException {
        work(ALICE, "lrkx");
        server.fred().create("Work.Kept", Optional.empty());
        server.fred().access().give("Work.Kept", ALICE, "lr");
        server.fred().create("Top", Optional.empty());
        server.fred().access().give("Top", ALICE, "k");
        talk(alice(), """
                C: a RENAME Users/fred@example.org/Work Users/fred@example.org/Top/Work
                S: a NO [NOPERM] {*}
                """);
        server.fred().access().give("Work.Kept", ALICE, "x");
        talk(alice(), """
                C: a RENAME Users/fred@example.org/Work Users/fred@example.org/Top/Work
                S: a OK Renamed
                """);
        assertThat(server.fred().box("Top.Work.Kept")).isNotNull();
    }

    @Test
    void who_administers_it_sets_rights() throws IOException {
        work(ALICE, "la");
        talk(alice(), """
                C: a SETACL Users/fred@example.org/Work bob@elsewhere.example lr
                S: a OK Set
                C: b SETACL Users/fred@example.org/Work -anyone w
                S: b OK Set
                C: c SETACL Users/fred@example.org/Work fred -la
                S: c OK Set
                C: d GETACL Users/fred@example.org/Work
                S: * ACL Users/fred@example.org/Work -anyone w alice@example.org la bob@elsewhere.example lr fred@example.org lrswipkxtecda
                S: d OK Those are its rights
                C: e SETACL Users/fred@example.org/Work $team lr
                S: e OK Set
                C: f SETACL Users/fred@example.org/Work "a b@c@d" lr
                S: f NO [CANNOT] Rights are for anyone, or for users by their addresses
                C: g SETACL Users/fred@example.org/Work "" lr
                S: g BAD Nobody can have that name
                C: h SETACL Users/fred@example.org/Work --bob@elsewhere.example lr
                S: h NO [CANNOT] {*}
                """);
        talk(server.login(), "C: a MYRIGHTS Work\nS: * MYRIGHTS Work lrsipkxtecda\nS: a OK {*}");
    }

    @Test
    void messages_move_between_users() throws IOException {
        work(ALICE, "lrite");
        talk(selecting(), """
                C: a MOVE 1 INBOX
                S: * OK [COPYUID {*}] Moved
                S: * 1 EXPUNGE
                S: a OK Moved
                C: b UID EXPUNGE 1:3
                S: b OK Expunged
                """);
        assertThat(server.store.of(ALICE).box("INBOX").status().messages()).isEqualTo(1);
    }

    @Test
    void three_clients_see_one_mailbox() throws IOException {
        work(ALICE, "lrswite");
        work("bob@elsewhere.example", "lrs");
        MemoryLine fred = server.login();
        talk(fred, "C: 1 SELECT Work\nS+ 1 OK {*}");
        MemoryLine alice = selecting();
        MemoryLine bob = server.login("bob@elsewhere.example");
        talk(bob, "C: 1 SELECT " + SHARED + "\nS+ 1 OK {*}");
        talk(bob, "C: 2 IDLE\nS: + idling");
        talk(alice, "C: 2 STORE 2 +FLAGS (\\Deleted \\Flagged)\nS+ 2 OK Stored");
        talk(bob, "S: * 2 FETCH (FLAGS (\\Flagged \\Deleted{*}))");
        talk(fred, "C: 2 NOOP\nS: * 2 FETCH (FLAGS (\\Flagged \\Deleted{*}))\nS: 2 OK {*}");
        talk(alice, "C: 3 EXPUNGE\nS: * 2 EXPUNGE\nS: 3 OK Expunged");
        talk(fred, "C: 3 NOOP\nS: * 2 EXPUNGE\nS: 3 OK {*}");
    }

    @Test
    void rights_that_change_are_told_and_without_that_to_read_it_is_over() throws IOException {
        work(ALICE, "lrswite");
        MemoryLine line = selecting();
        work(ALICE, "lrt");
        talk(line, """
                C: a NOOP
                S: * FLAGS {*}
                S: * OK [PERMANENTFLAGS (\\Deleted)] Flags permitted
                S: a OK Nothing was done
                C: b NOOP
                S: b OK Nothing was done
                """);
        work(ALICE, "li");
        talk(line, "C: c FETCH 1 BODY[]\nS: * BYE {*}\nS!");
    }

    @Test
    void an_idling_client_hears_that_it_may_read_no_longer() throws IOException {
        work("anyone", "lr");
        MemoryLine line = alice();
        talk(line, "C: 1 SELECT " + SHARED + "\nS+ 1 OK [READ-ONLY] {*}\nC: 2 IDLE\nS: + idling");
        talk(server.login(), "C: 1 SETACL Work -alice r\nS: 1 OK Set");
        talk(line, "S: * BYE {*}\nS!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE Work", "RENAME Work Play"})
    void what_its_owner_takes_away_is_no_longer_selected(String command) throws IOException {
        work(ALICE, "lrswite");
        MemoryLine line = selecting();
        talk(server.login(), "C: 1 " + command + "\nS: 1 OK {*}");
        talk(line, "C: a FETCH 1 FLAGS\nS: * BYE {*}\nS!");
        talk(alice(), "C: a SELECT " + SHARED + "\nS: a NO [NONEXISTENT] There is no such mailbox");
    }

    @Test
    void a_selection_goes_on_after_a_swap() throws IOException {
        work(ALICE, "lrs");
        MemoryLine line = selecting();
        line.resume(server.protocol, line.conversation().suspend().orElseThrow());
        talk(line, "C: a NOOP\nS: a OK Nothing was done\nC: b STORE 1 +FLAGS (\\Seen)\nS+ b OK Stored");
        Suspended page = line.conversation().suspend().orElseThrow();
        Map<String, String> earlier = new HashMap<>(page.values());
        earlier.remove("rights");
        line.resume(server.protocol, new Suspended(page.version(), earlier));
        talk(line, """
                C: c NOOP
                S: * FLAGS {*}
                S: * OK [PERMANENTFLAGS (\\Seen)] Flags permitted
                S: c OK Nothing was done
                """);
    }

    @Test
    void public_mailboxes_are_everybodys_as_far_as_their_rights_go() throws IOException {
        MemoryAccount everybodys = server.store.of("public@example.org");
        server.store.shared = Optional.of(Address.of("public@example.org"));
        everybodys.create("News", Optional.empty());
        everybodys.access().give("News", "anyone", "lrsp");
        everybodys.access().give("News", ALICE, "ika");
        talk(alice(), """
                C: a NAMESPACE
                S: * NAMESPACE (("" ".")) (("Users/" "/")) (("Public/" "/"))
                S: a OK Those are the namespaces
                C: b LIST "" (P% Public/% Users/%)
                S: * LIST (\\NonExistent \\HasChildren) "/" Public
                S: * LIST (\\HasNoChildren) "/" Public/News
                S: b OK That is all
                C: c MYRIGHTS Public/News
                S: * MYRIGHTS Public/News lrsipkca
                S: c OK Those are your rights
                C: d SELECT Public/INBOX
                S: d NO [NONEXISTENT] There is no such mailbox
                """);
        talk(server.login("public@example.org"), """
                C: a LIST "" P*
                S: a OK That is all
                C: b SELECT Public/News
                S: b NO [NONEXISTENT] There is no such mailbox
                """);
    }

    @Test
    void what_one_shares_with_oneself_stays_where_it_is() throws IOException {
        work("fred@example.org", "lrswipkxtea");
        work("anyone", "lr");
        talk(server.login(), """
                C: a LIST "" Users*
                S: a OK That is all
                C: b SELECT Users/fred@example.org/Work
                S: b NO [NONEXISTENT] There is no such mailbox
                """);
    }

    @Test
    void others_see_what_is_noted_for_all() throws IOException {
        work(ALICE, "lrw");
        server.fred()
                .annotations()
                .set("Work", Map.of("/shared/comment", Optional.of("all"), "/private/comment", Optional.of("own")));
        talk(alice(), """
                C: a GETMETADATA Users/fred@example.org/Work (/shared/comment /private/comment)
                S: * METADATA Users/fred@example.org/Work (/shared/comment "all" /private/comment NIL)
                S: a OK That is all
                C: b SETMETADATA Users/fred@example.org/Work (/private/comment "x")
                S: b NO [METADATA NOPRIVATE] {*}
                C: c SETMETADATA Users/fred@example.org/Work (/shared/comment "more")
                S: c OK Set
                C: d GETQUOTAROOT Users/fred@example.org/Work
                S: * QUOTAROOT Users/fred@example.org/Work
                S: d OK That is its quota root
                C: e GETMETADATA Users/fred@example.org/Work /shared/comment
                S: * METADATA Users/fred@example.org/Work (/shared/comment "more")
                S: e OK That is all
                """);
    }

    @Test
    void searches_in_several_mailboxes_go_into_those_that_may_be_read() throws IOException {
        work(ALICE, "lr");
        server.fred().create("Box", Optional.empty());
        server.fred().access().give("Box", ALICE, "li");
        talk(alice(), """
                C: a ESEARCH IN (SUBTREE Users) ALL
                S: * ESEARCH (TAG "a" MAILBOX Users/fred@example.org/Work UIDVALIDITY {*}) UID ALL 1:3
                S: a OK Searched
                C: b ESEARCH IN (PERSONAL) ALL
                S: b OK Searched
                """);
    }

    /** A mailbox of that user which everybody may read. */
    private void shares(String user, String mailbox) throws IOException {
        MemoryAccount account = server.store.of(user);
        account.create(mailbox, Optional.empty());
        account.access().give(mailbox, "anyone", "lr");
    }

    @Test
    void who_shares_very_much_hides_nobody_elses_mailboxes() throws IOException {
        server.store.shared = Optional.of(Address.of("public@example.org"));
        shares("fred@example.org", "Top");
        shares("zoe@example.org", "Work");
        shares("public@example.org", "News");
        // It goes on to those below.
        for (int i = 0; i < 500; i++) server.fred().create("Top." + i + ".x", Optional.empty());
        MemoryLine line = alice();
        line.send("a LIST \"\" (Users/* Public/*)\r\n");
        List<String> rows = new ArrayList<>();
        for (String row = line.read(); !row.startsWith("a "); row = line.read()) rows.add(row);
        assertThat(rows)
                .anyMatch(r -> r.endsWith(" Public/News"))
                .anyMatch(r -> r.endsWith(" Users/zoe@example.org/Work"))
                .hasSizeBetween(990, 1002);
    }

    @Test
    void public_mailboxes_are_listed_all() throws IOException {
        server.store.shared = Optional.of(Address.of("public@example.org"));
        shares("zoe@example.org", "Work");
        shares("public@example.org", "News");
        MemoryAccount everybodys = server.store.of("public@example.org");
        for (int i = 0; i < 2_000; i++) everybodys.create("News." + i, Optional.empty());
        MemoryLine line = alice();
        line.send("a LIST \"\" (Users/%/% Public/*)\r\n");
        List<String> rows = new ArrayList<>();
        for (String row = line.read(); !row.startsWith("a "); row = line.read()) rows.add(row);
        assertThat(rows)
                .anyMatch(r -> r.endsWith(" Users/zoe@example.org/Work"))
                .hasSize(2_002);
    }

    @Test
    void a_list_looks_for_no_mailbox_to_tell_the_rights_in_it() throws IOException {
        work(ALICE, "lr");
        int before = server.fred().lookups();
        talk(alice(), """
                C: a LIST "" Users/%/% RETURN (MYRIGHTS)
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Work
                S: * MYRIGHTS Users/fred@example.org/Work lr
                S: a OK That is all
                """);
        assertThat(server.fred().lookups()).isEqualTo(before);
    }

    @Test
    void a_list_tells_annotations_of_all_mailboxes_in_which_they_may_be_read() throws IOException {
        work(ALICE, "lr");
        server.fred().create("Box", Optional.empty());
        server.fred().access().give("Box", ALICE, "la");
        talk(alice(), """
                C: a LIST "" Users/%/% RETURN (METADATA (/shared/comment))
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Box
                S: * LIST (\\HasNoChildren) "/" Users/fred@example.org/Work
                S: * METADATA Users/fred@example.org/Work (/shared/comment NIL)
                S: a OK That is all
                """);
    }

    @Test
    void an_inbox_is_renamed_by_its_owner_alone() throws IOException {
        server.fred().deliver("Subject: a\r\n\r\n");
        server.fred().access().give("INBOX", ALICE, "lrswipkxte");
        talk(alice(), """
                C: a RENAME Users/fred@example.org/inbox Users/fred@example.org/INBOX/Old
                S: a NO [CANNOT] Only its owner renames an INBOX
                """);
        assertThat(server.inbox().status().messages()).isEqualTo(1);
    }

    @Test
    void what_is_appended_counts_as_its_owners() throws IOException {
        work(ALICE, "lri");
        server.store.of(ALICE).limit(new Amount(Long.MAX_VALUE, 0));
        MemoryLine line = alice();
        talk(line, """
                C: a APPEND INBOX {3}
                S: a NO [OVERQUOTA] {*}
                C: b APPEND Users/fred@example.org/Work {3}
                S: + {*}
                C: abc
                S: b OK [APPENDUID {*}] Appended
                """);
        server.fred().limit(new Amount(Long.MAX_VALUE, 4));
        talk(line, "C: c APPEND " + SHARED + " {3+}\nC: abc\nS: c NO [OVERQUOTA] {*}");
    }
}
