package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.net.Suspended;
import org.posthorn.testkit.MemoryLine;

/** METADATA, RFC 5464, with LIST-METADATA, RFC 9590, and the uses of RFC 6154 4. */
class MetadataTest {

    private final Server server = new Server();

    private void set(String mailbox, String entry, String value) throws IOException {
        server.fred().annotations().set(mailbox, Map.of(entry, Optional.of(value)));
    }

    private void comments() throws IOException {
        set("INBOX", "/shared/comment", "Shared comment");
        set("INBOX", "/private/comment", "My own comment");
    }

    @Test
    void values_are_told_as_the_examples_of_the_rfc_have_it() throws IOException {
        comments();
        talk(server.login(), """
                C: a GETMETADATA "" /shared/comment
                S: * METADATA "" (/shared/comment "Shared comment")
                S: a OK That is all
                C: b GETMETADATA "INBOX" /private/comment
                S: * METADATA INBOX (/private/comment "My own comment")
                S: b OK That is all
                C: c GETMETADATA "INBOX" (/shared/comment /private/comment)
                S: * METADATA INBOX (/shared/comment "Shared comment" /private/comment "My own comment")
                S: c OK That is all
                C: d GETMETADATA "" ("/Shared/ADMIN" /shared/vendor)
                S: * METADATA "" (/shared/admin "mailto:root@example.org" /shared/vendor NIL)
                S: d OK That is all
                """);
    }

    @Test
    void large_values_are_left_out_and_the_largest_is_told() throws IOException {
        set("INBOX", "/shared/comment", "x".repeat(2199));
        set("INBOX", "/private/comment", "My own comment");
        talk(server.login(), """
                C: a GETMETADATA "INBOX" (MAXSIZE 1024) (/shared/comment /private/comment)
                S: * METADATA INBOX (/private/comment "My own comment")
                S: a OK [METADATA LONGENTRIES 2199] That is all
                C: b GETMETADATA (MAXSIZE 14) INBOX (/shared/comment /private/comment)
                S: * METADATA INBOX (/private/comment "My own comment")
                S: b OK [METADATA LONGENTRIES 2199] That is all
                C: c GETMETADATA (MAXSIZE 13) INBOX (/shared/comment /private/comment)
                S: c OK [METADATA LONGENTRIES 2199] That is all
                C: d GETMETADATA (DEPTH infinity MAXSIZE 2199) INBOX /private
                S: * METADATA INBOX (/private/comment "My own comment")
                S: d OK That is all
                """);
    }

    @Test
    void depth_counts_from_the_entry_that_is_named() throws IOException {
        set("INBOX", "/private/filters/values/small", "SMALLER 5000");
        set("INBOX", "/private/filters/values/boss", "FROM \"boss@example.com\"");
        set("INBOX", "/private/filters/values/boss/old", "");
        set("INBOX", "/private/filters/valuesx", "x");
        talk(server.login(), """
                C: a GETMETADATA "INBOX" (DEPTH 1) (/private/filters/values)
                S: * METADATA INBOX (/private/filters/values/boss "FROM \\"boss@example.com\\"" /private/filters/values/small "SMALLER 5000")
                S: a OK That is all
                C: b GETMETADATA (DEPTH infinity) INBOX (/private/filters/values/boss)
                S: * METADATA INBOX (/private/filters/values/boss "FROM \\"boss@example.com\\"" /private/filters/values/boss/old "")
                S: b OK That is all
                C: c GETMETADATA (DEPTH 0) INBOX (/private/filters/values)
                S: * METADATA INBOX (/private/filters/values NIL)
                S: c OK That is all
                C: d GETMETADATA (DEPTH 1) INBOX (/shared/filters)
                S: * METADATA INBOX (/shared/filters NIL)
                S: d OK That is all
                """);
    }

    @Test
    void entries_are_set_and_removed() throws IOException {
        talk(server.login(), """
                C: a SETMETADATA INBOX (/private/comment {35}
                S: + OK
                C: My new comment across
                C: two lines.
                C: )
                S: a OK Set
                C: b GETMETADATA INBOX /private/comment
                S: * METADATA INBOX (/private/comment {35}
                S: My new comment across
                S: two lines.
                S: )
                S: b OK That is all
                C: c SETMETADATA INBOX (/private/comment NIL)
                S: c OK Set
                C: d SETMETADATA INBOX (/Private/Comment "My new comment" /shared/comment "This one is for you!")
                S: d OK Set
                C: e GETMETADATA inbox (/private/comment /shared/comment)
                S: * METADATA inbox (/private/comment "My new comment" /shared/comment "This one is for you!")
                S: e OK That is all
                C: f SETMETADATA INBOX (/private/comment "" /shared/comment nil)
                S: f OK Set
                C: g GETMETADATA INBOX (/private/comment /shared/comment)
                S: * METADATA INBOX (/private/comment "" /shared/comment NIL)
                S: g OK That is all
                """);
    }

    @Test
    void binary_values_come_and_go_as_literal8() throws IOException {
        MemoryLine line = server.login();
        talk(line, """
                C| a SETMETADATA Sent (/private/vendor/x/y ~{3+}\\r\\n\\x00\\xff\\x0a)\\r\\n
                S: a OK Set
                """);
        assertThat(server.fred().annotations().of("Sent")).containsEntry("/private/vendor/x/y", "\0\u00ff\n");
        line.send("b GETMETADATA Sent /private/vendor/x/y\r\n");
        assertThat(line.read()).isEqualTo("* METADATA Sent (/private/vendor/x/y ~{3}");
    }

    @Test
    void the_server_has_entries_of_each_user_and_those_of_its_settings() throws IOException {
        talk(server.login(), """
                C: a SETMETADATA "" (/private/vendor/x/y "mine")
                S: a OK Set
                C: b GETMETADATA (DEPTH infinity) "" (/private /shared)
                S: * METADATA "" (/private/vendor/x/y mine{*}
                S: b OK That is all
                """.replace(
                "mine{*}", "\"mine\" /shared/admin \"mailto:root@example.org\" /shared/comment \"Shared comment\")"));
        talk(server.login(), """
                C: a SETMETADATA "" (/private/comment "x" /shared/admin "mailto:me@example.org")
                S: a NO [NOPERM] {*}
                C: b SETMETADATA "" (/shared/comment NIL)
                S: b NO [NOPERM] {*}
                C: c GETMETADATA "" /private/comment
                S: * METADATA "" (/private/comment NIL)
                S: c OK That is all
                """);
    }

    @Test
    void what_is_too_long_or_too_many_is_refused_and_nothing_is_set() throws IOException {
        MemoryLine line = server.login();
        String value = "x".repeat(65_537);
        talk(
                line,
                "C: a SETMETADATA INBOX (/private/comment \"y\" /shared/comment {65537+}\nC: " + value + ")\n"
                        + "S: a NO [METADATA MAXSIZE 65536] {*}");
        talk(line, "C: b SETMETADATA INBOX (/shared/comment {300000}\nS: b NO [METADATA MAXSIZE 65536] {*}");
        talk(line, "C: c GETMETADATA INBOX /private/comment\nS: * METADATA INBOX (/private/comment NIL)\nS+ c OK {*}");
        for (int i = 0; i < 100; i++) set("INBOX", "/private/e" + i, "");
        talk(line, """
                C: d SETMETADATA INBOX (/private/comment "My new comment")
                S: d NO [METADATA TOOMANY] {*}
                C: e SETMETADATA INBOX (/private/e99 NIL /private/comment "My new comment")
                S: e OK Set
                C: f SETMETADATA nothing (/private/comment "x")
                S: f NO [NONEXISTENT] {*}
                C: g GETMETADATA nothing /private/comment
                S: g NO [NONEXISTENT] {*}
                """);
        talk(line, "C: h SETMETADATA INBOX (/private/comment {65536+}\nC: " + value.substring(1) + ")\nS: h OK Set");
        talk(line, "C: i GETMETADATA (MAXSIZE 65535) INBOX /private/comment\nS: i OK [METADATA LONGENTRIES 65536] {*}");
    }

    @Test
    void wrong_names_and_options_are_bad() throws IOException {
        MemoryLine line = server.login();
        for (String wrong : new String[] {
            "\"\"",
            "/",
            "comment",
            "/comment",
            "/privates/x",
            "/private//x",
            "/private/x/",
            "\"/private/x*\"",
            "\"/private/%\"",
            "\"/private/\tx\"",
            "\"/private/\u00e4\""
        }) {
            talk(line, "C: a GETMETADATA INBOX " + wrong + "\nS: a BAD {*}");
            talk(line, "C: a SETMETADATA INBOX (" + wrong + " NIL)\nS: a BAD {*}\nC: b NOOP\nS: b OK {*}");
        }
        for (String wrong : new String[] {
            "SETMETADATA INBOX (/private \"x\")",
            "SETMETADATA INBOX (/private/vendor/x \"y\")",
            "SETMETADATA INBOX (/shared/vendor \"y\")",
            "SETMETADATA INBOX /private/comment \"x\"",
            "SETMETADATA INBOX (/private/comment)",
            "SETMETADATA INBOX (/private/comment x)",
            "SETMETADATA INBOX ()",
            "GETMETADATA INBOX",
            "GETMETADATA INBOX ()",
            "GETMETADATA INBOX /private/comment /shared/comment",
            "GETMETADATA (DEPTH 2) INBOX /private/comment",
            "GETMETADATA (MAXSIZE x) INBOX /private/comment",
            "GETMETADATA (NONSENSE 2) INBOX /private/comment",
            "GETMETADATA (DEPTH 1)INBOX /private/comment",
            "LIST \"\" * RETURN (METADATA)",
            "LIST \"\" * RETURN (METADATA (/private/x) METADATA (/private/y))"
        }) talk(line, "C: a " + wrong + "\nS: a BAD {*}\nC: b NOOP\nS: b OK {*}");
        StringBuilder many = new StringBuilder("C: a GETMETADATA INBOX (/private/x");
        for (int i = 0; i < 100; i++) many.append(" /private/x").append(i);
        talk(line, many + ")\nS: a NO [LIMIT] {*}");
        talk(server.connect(), "C: a GETMETADATA INBOX /private/comment\nS: a BAD {*}");
    }

    @Test
    void others_hear_of_changes_when_they_want_to() throws IOException {
        MemoryLine first = server.login();
        MemoryLine second = server.select();
        MemoryLine third = server.login();
        set("INBOX", "/private/before", "x");
        for (MemoryLine line : new MemoryLine[] {first, second})
            talk(line, "C: e ENABLE METADATA\nS: * ENABLED METADATA\nS: e OK Enabled");
        talk(first, """
                C: a SETMETADATA INBOX (/private/comment "x" /shared/comment "y")
                S: a OK Set
                C: b SETMETADATA "" (/private/vendor/x/y "z")
                S: b OK Set
                """);
        talk(second, """
                C: a NOOP
                S: * METADATA "" /private/vendor/x/y
                S: * METADATA INBOX /private/comment /shared/comment
                S: a OK {*}
                C: b NOOP
                S: b OK {*}
                C: c SETMETADATA Sent (/private/comment NIL)
                S: c OK Set
                """);
        talk(first, "C: c NOOP\nS: * METADATA Sent /private/comment\nS: c OK {*}");
        talk(third, "C: a NOOP\nS: a OK {*}");
        set("Sent", "/private/comment", "x");
        talk(second, """
                C: d UNAUTHENTICATE
                S: d OK {*}
                C: e LOGIN fred@example.org "foo bar"
                S: e OK {*}
                C: f NOOP
                S: f OK {*}
                """);
    }

    @Test
    void client_that_has_set_something_hears_what_others_set_before_and_behind_it() throws IOException {
        MemoryLine line = server.login();
        talk(line, "C: e ENABLE METADATA\nS: * ENABLED METADATA\nS: e OK Enabled");
        set("INBOX", "/private/comment", "x");
        talk(line, """
                C: a SETMETADATA INBOX (/private/comment "y")
                S: * METADATA INBOX /private/comment
                S: a OK Set
                """);
        set("INBOX", "/private/comment", "z");
        talk(line, "C: b NOOP\nS: * METADATA INBOX /private/comment\nS: b OK {*}");
    }

    @Test
    void idle_tells_them_as_they_come_and_another_version_goes_on() throws IOException {
        MemoryLine idle = server.select();
        talk(idle, "C: e ENABLE METADATA\nS: * ENABLED METADATA\nS: e OK Enabled\nC: a IDLE\nS: + idling");
        set("Sent", "/private/a b", "x");
        talk(idle, "S: * METADATA Sent \"/private/a b\"");
        Suspended page = idle.conversation().suspend().orElseThrow();
        assertThat(page.version()).isEqualTo(3);
        var old = idle.conversation();
        idle.resume(server.protocol, page);
        old.closed();
        set("Sent", "/private/c", "x");
        talk(idle, "S: * METADATA Sent /private/c\nC: DONE\nS: a OK Idle is over");
        MemoryLine nowhere = server.login();
        talk(nowhere, "C: e ENABLE METADATA\nS: * ENABLED METADATA\nS: e OK Enabled\nC: a IDLE\nS: + idling");
        set("Sent", "/private/d", "x");
        talk(nowhere, "S: * METADATA Sent /private/d\nC: DONE\nS: a OK Idle is over");
        assertThat(server.inbox().watchers()).isZero();
        MemoryLine plain = server.select();
        assertThat(plain.conversation().suspend().orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void special_uses_are_told_and_set() throws IOException {
        talk(server.login(), """
                C: t0 CREATE SavedDrafts
                S: t0 OK [MAILBOXID ({*})] Created
                C: t2 GETMETADATA "Drafts" /private/specialuse
                S: * METADATA Drafts (/private/specialuse "\\\\Drafts")
                S: t2 OK That is all
                C: t3 SETMETADATA "SavedDrafts" (/private/specialuse "\\\\Drafts")
                S: t3 NO [CANNOT] There is a mailbox for this use already
                C: t4 SETMETADATA "Drafts" (/private/specialuse NIL)
                S: t4 OK Set
                C: t5 SETMETADATA "SavedDrafts" (/private/specialuse "\\\\drafts")
                S: t5 OK Set
                C: t6 SETMETADATA "SavedDrafts" (/private/specialuse "\\\\Nonsense")
                S: t6 NO [CANNOT] {*}
                C: t7 LIST "" *Drafts RETURN (SPECIAL-USE METADATA (/private/specialuse))
                S: * LIST (\\HasNoChildren) "." Drafts
                S: * METADATA Drafts (/private/specialuse NIL)
                S: * LIST (\\HasNoChildren \\Drafts) "." SavedDrafts
                S: * METADATA SavedDrafts (/private/specialuse "\\\\Drafts")
                S: t7 OK {*}
                """);
    }

    @Test
    void list_tells_annotations_of_what_exists() throws IOException {
        MemoryLine line = server.login();
        talk(
                line,
                "C: a CREATE foo.bar\nS: a OK {*}\nC: b SUBSCRIBE fox\nS: b OK {*}\nC: c SUBSCRIBE foo.bar\nS: c OK {*}");
        set("foo", "/shared/vendor/cmu/cyrus-imapd/color", "#b71c1c");
        talk(line, """
                C: d LIST "" fo% RETURN (METADATA ("/shared/vendor/cmu/cyrus-imapd/color"))
                S: * LIST (\\NonExistent \\HasChildren) "." foo
                S: * METADATA foo (/shared/vendor/cmu/cyrus-imapd/color "#b71c1c")
                S: d OK That is all
                C: e LIST (SUBSCRIBED) "" fo* RETURN (METADATA /private/comment STATUS (MESSAGES))
                S: * LIST (\\HasNoChildren \\Subscribed) "." foo.bar
                S: * METADATA foo.bar (/private/comment NIL)
                S: * STATUS foo.bar (MESSAGES 0)
                S: * LIST (\\NonExistent \\Subscribed) "." fox
                S: e OK That is all
                C: f DELETE foo.bar
                S: f OK Deleted
                """);
    }

    @Test
    void what_cannot_be_read_is_not_enabled_and_keeps_nothing_else_from_the_client() throws IOException {
        MemoryLine line = server.login();
        MemoryLine other = server.login();
        talk(other, "C: a ENABLE METADATA\nS: * ENABLED METADATA\nS: a OK Enabled");
        set("INBOX", "/private/comment", "x");
        server.fred().annotations().inTheWay(new IOException("Input/output error"));
        talk(line, """
                C: a ENABLE METADATA CONDSTORE
                S: * ENABLED CONDSTORE
                S: a OK Enabled
                C: b LIST "" (INBOX Sent) RETURN (METADATA /private/comment STATUS (MESSAGES))
                S: * LIST (\\HasNoChildren) "." INBOX
                S: * STATUS INBOX (MESSAGES 0)
                S: * LIST (\\HasNoChildren \\Sent) "." Sent
                S: * STATUS Sent (MESSAGES 0)
                S: b OK That is all
                """);
        talk(other, "C: b NOOP\nS: b OK {*}");
        server.fred().annotations().inTheWay(null);
        talk(other, "C: c NOOP\nS: * METADATA INBOX /private/comment\nS: c OK {*}");
        talk(line, "C: c ENABLE METADATA\nS: * ENABLED METADATA\nS: c OK Enabled");
    }

    @Test
    void admin_is_a_uri() {
        AdminCheck check = new AdminCheck();
        for (String uri : new String[] {"", "mailto:postmaster@example.org", "tel:+4912345"})
            assertThat(check.check(Map.of("admin", uri))).isEmpty();
        for (String none : new String[] {"postmaster", "call me", "mailto:p\u00e4ul@example.org"})
            assertThat(check.check(Map.of("admin", none))).hasSize(1);
    }
}
