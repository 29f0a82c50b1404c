package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.Subscriptions;
import org.posthorn.api.mailbox.UidCount;

/** What Dovecot finds when it has a Maildir again, and we when it had it. */
class HandOverTest {

    private static final String GUID = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path home;

    private Path maildir;
    private Shelf shelf;
    private Subscriptions subscriptions;

    @BeforeEach
    void make() throws IOException {
        MaildirFormat format = new MaildirFormat(Clock.systemUTC(), "here");
        shelf = format.shelf(home);
        shelf.create("INBOX");
        maildir = home.resolve("Maildir");
        subscriptions = format.subscriptions(home).orElseThrow();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(maildir.resolve(name), text);
    }

    private String text(String name) throws IOException {
        return Files.readString(maildir.resolve(name));
    }

    @Test
    void what_others_note_in_the_list_of_uids_stays() throws IOException {
        file("cur/1.a.h:2,S", "a: b\n\n");
        file("cur/2.b.h:2,", "a: b\n\n");
        file("dovecot-uidlist", "3 V77 N50 G" + GUID + "\n3 W8 P12 :1.a.h\n9 :2.b.h\n");
        try (Folder folder = shelf.open("INBOX")) {
            folder.scan(key -> false);
            file("cur/3.c.h:2,", "a: b\n\n");
            folder.force(77, List.of(new Filed(50, "3.c.h", Flags.NONE)));
        }
        shelf.count("INBOX", new UidCount(77, 60));
        assertThat(text("dovecot-uidlist"))
                .isEqualTo("3 V77 N60 G" + GUID + "\n3 W8 P12 :1.a.h\n9 :2.b.h\n50 :3.c.h\n");
    }

    @Test
    void the_count_of_uids_is_the_higher_one_of_the_first_line_and_the_last() throws IOException {
        assertThat(shelf.counted("INBOX")).isEmpty();
        file("dovecot-uidlist", "3 V77 N3 G" + GUID + "\n1 :1.a.h\n2 :2.b.h\n3 :3.c.h\n");
        assertThat(shelf.counted("INBOX")).hasValue(new UidCount(77, 4));
        file("dovecot-uidlist", "3 V77 N9\n");
        assertThat(shelf.counted("INBOX")).hasValue(new UidCount(77, 9));
        StringBuilder lines = new StringBuilder("3 V77 N9\n");
        for (int uid = 1; uid <= 5000; uid++) lines.append(uid + " :" + uid + ".x.h\n");
        file("dovecot-uidlist", lines.toString());
        assertThat(shelf.counted("INBOX")).hasValue(new UidCount(77, 5001));
        file("dovecot-uidlist", "noise");
        assertThat(shelf.counted("INBOX")).isEmpty();
    }

    @Test
    void a_mailbox_without_a_message_has_its_count_noted_and_is_not_written_again_for_it() throws IOException {
        shelf.count("INBOX", new UidCount(77, 12));
        assertThat(text("dovecot-uidlist")).isEqualTo("3 V77 N12\n");
        FileTime long_ago = FileTime.from(Instant.ofEpochSecond(1));
        Files.setLastModifiedTime(maildir.resolve("dovecot-uidlist"), long_ago);
        shelf.count("INBOX", new UidCount(77, 12));
        shelf.count("INBOX", new UidCount(77, 5));
        assertThat(Files.getLastModifiedTime(maildir.resolve("dovecot-uidlist")))
                .isEqualTo(long_ago);
    }

    @Test
    void a_list_that_another_program_wrote_tells_the_uids_of_what_is_known_too() throws IOException {
        file("cur/1.a.h:2,S", "a: b\n\n");
        file("dovecot-uidlist", "3 V77 N4\n3 :1.a.h\n");
        try (Folder folder = shelf.open("INBOX")) {
            assertThat(folder.scan(key -> false).found()).extracting(Found::uid).containsExactly(3L);
            assertThat(folder.scan(key -> true).found()).extracting(Found::uid).containsExactly(0L);
            Path fresh = file("dovecot-uidlist.tmp", "3 V77 N30\n17 :1.a.h\n");
            Files.move(fresh, maildir.resolve("dovecot-uidlist"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Scan scan = folder.scan(key -> true);
            assertThat(scan.found()).extracting(Found::uid).containsExactly(17L);
            assertThat(scan.uidNext()).isEqualTo(30);
            assertThat(folder.scan(key -> true).uidNext()).isEqualTo(30);
        }
    }

    @Test
    void forwarded_has_a_small_letter_as_dovecot_writes_it_and_is_read_from_a_P_as_well() throws IOException {
        file("cur/1.a.h:2,PS", "a: b\n\n");
        file("cur/2.b.h:2,Sa", "a: b\n\n");
        file("dovecot-keywords", "0 $Forwarded\n1 NonJunk\n");
        Flags forwarded = Flags.named(List.of("\\Seen", "$Forwarded"));
        try (Folder folder = shelf.open("INBOX")) {
            assertThat(folder.scan(key -> false).found())
                    .extracting(Found::flags)
                    .containsOnly(forwarded);
            Flags more = Flags.named(List.of("\\Seen", "$forwarded", "nonjunk"));
            assertThat(folder.flag(new Filed(1, "1.a.h", forwarded), more)).isTrue();
            assertThat(folder.flag(new Filed(2, "2.b.h", forwarded), Flags.of(Flags.SEEN)))
                    .isTrue();
        }
        assertThat(maildir.resolve("cur/1.a.h:2,Sab")).exists();
        assertThat(maildir.resolve("cur/2.b.h:2,S")).exists();
        assertThat(text("dovecot-keywords")).isEqualTo("0 $Forwarded\n1 NonJunk\n");
    }

    @Test
    void forwarded_finds_a_P_when_all_letters_are_taken() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int place = 0; place < 26; place++) all.append(place + " Word" + place + "\n");
        file("dovecot-keywords", all.toString());
        file("cur/1.a.h:2,", "a: b\n\n");
        try (Folder folder = shelf.open("INBOX")) {
            Flags flags = Flags.named(List.of("\\Seen", "\\Flagged", "$Forwarded", "word3", "Unheard"));
            assertThat(folder.flag(new Filed(1, "1.a.h", Flags.NONE), flags)).isTrue();
        }
        assertThat(maildir.resolve("cur/1.a.h:2,FPSd")).exists();
    }

    @Test
    void subscriptions_of_both_versions_are_read_and_stay_of_their_version() throws IOException {
        assertThat(subscriptions.read()).isEmpty();
        file("subscriptions", "V\t2\n\nINBOX\nWork\t2026\nGr&APwA3w-e\nodd\1tlevel\n");
        assertThat(subscriptions.read()).hasValue(Set.of("INBOX", "Work.2026", "Grüße"));
        subscriptions.write(Set.of("Work.2026", "A.b & c"));
        assertThat(text("subscriptions")).isEqualTo("V\t2\n\nWork\t2026\nodd\1tlevel\nA\tb &- c\n");
        file("subscriptions", "INBOX\nWork.2026\nuser/bob\n");
        assertThat(subscriptions.read()).hasValue(Set.of("INBOX", "Work.2026"));
        subscriptions.write(Set.of("INBOX", "Grüße.x"));
        assertThat(text("subscriptions")).isEqualTo("INBOX\nuser/bob\nGr&APwA3w-e.x\n");
        assertThat(maildir.resolve("subscriptions.lock")).doesNotExist();
    }

    @Test
    void an_account_without_subscriptions_is_noted_as_one() throws IOException {
        subscriptions.write(Set.of());
        assertThat(text("subscriptions")).isEqualTo("V\t2\n\n");
        assertThat(subscriptions.read()).hasValue(Set.of());
    }

    @Test
    void the_counter_of_uidvaliditys_does_not_stay_below_ours() throws IOException {
        file("dovecot-uidvalidity", "6b0bb07f");
        file("dovecot-uidvalidity.6b0bb07f", "");
        shelf.create("Work");
        assertThat(maildir.resolve("dovecot-uidvalidity")).doesNotExist();
        assertThat(maildir.resolve("dovecot-uidvalidity.6b0bb07f")).doesNotExist();
    }

    @Test
    void it_counts_on_from_the_highest_that_is_noted() throws IOException {
        file("dovecot-uidvalidity", "00000011");
        file("dovecot-uidvalidity.00000011", "");
        shelf.create("Work");
        UidList work = new UidList(maildir.resolve(".Work"));
        work.count(new UidCount(0x12, 5));
        assertThat(maildir.resolve("dovecot-uidvalidity.00000012")).exists();
        new UidList(maildir).count(new UidCount(0x10, 5));
        assertThat(maildir.resolve("dovecot-uidvalidity.00000010")).doesNotExist();
        work.note(0xabcdef01L, List.of(new Filed(7, "a", Flags.NONE)));
        work.flush();
        assertThat(maildir.resolve("dovecot-uidvalidity.abcdef01")).exists();
        assertThat(maildir.resolve("dovecot-uidvalidity.00000012")).doesNotExist();
    }
}
