package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

/** THREAD, RFC 5256 3. */
class ThreadTest {

    private final Server server = new Server();

    /** @param references IDs without brackets, the parent last */
    private void put(String id, int hour, String subject, String... references) throws IOException {
        StringBuilder message = new StringBuilder("Subject: " + subject + "\r\n");
        message.append("Date: Mon, 1 Jan 2001 %02d:00:00 +0000\r\n".formatted(hour));
        if (!id.isEmpty()) message.append("Message-ID: <" + id + "@x>\r\n");
        if (references.length > 0) message.append("References:");
        for (String reference : references) message.append(" <" + reference + "@x>\r\n");
        server.inbox().add(message.append("\r\n").toString(), Flags.NONE);
    }

    private void threads(String algorithm, String told) throws IOException {
        talk(server.select(), "C: a THREAD " + algorithm + " UTF-8 ALL\nS: * THREAD " + told + "\nS: a OK Searched");
    }

    @Test
    void replies_stand_below_what_they_answer() throws IOException {
        put("a", 1, "one");
        put("b", 2, "Re: one", "a");
        put("c", 4, "Re: one", "a", "b");
        put("d", 3, "Re: one", "a");
        put("e", 5, "other");
        threads("REFERENCES", "(1 (2 3)(4))(5)");
    }

    @Test
    void those_of_a_message_nobody_has_stand_side_by_side() throws IOException {
        put("b", 2, "x", "gone");
        put("c", 1, "y", "gone");
        put("d", 3, "z", "lost", "missing");
        threads("REFERENCES", "((2)(1))(3)");
    }

    @Test
    void in_reply_to_counts_when_there_are_no_references() throws IOException {
        put("a", 1, "one");
        server.inbox()
                .add(
                        "Subject: two\r\nDate: Mon, 1 Jan 2001 02:00:00 +0000\r\nReferences: nonsense\r\nIn-Reply-To: your mail <\"a\"@x> of <b@x>\r\n\r\n",
                        Flags.NONE);
        threads("REFERENCES", "(1 2)");
    }

    @Test
    void circles_are_not_closed() throws IOException {
        put("a", 1, "one", "b");
        put("b", 2, "two", "a");
        put("c", 3, "three", "c");
        threads("REFERENCES", "(2 1)(3)");
    }

    @Test
    void second_message_of_an_id_is_another_one() throws IOException {
        put("a", 1, "one");
        put("a", 2, "two");
        put("b", 3, "three", "a");
        put("", 4, "four");
        threads("REFERENCES", "(1 3)(2)(4)");
    }

    @Test
    void threads_of_one_subject_come_together() throws IOException {
        put("a", 1, "apple");
        put("b", 2, "Re: Apple");
        put("c", 3, "pear");
        put("d", 4, "pear");
        put("e", 5, "Re: plum");
        put("f", 6, "plum");
        put("g", 7, "");
        put("h", 8, "Re:");
        threads("REFERENCES", "(1 2)((3)(4))(6 5)(7)(8)");
    }

    @Test
    void dummies_of_one_subject_become_one() throws IOException {
        put("a", 1, "apple", "gone");
        put("b", 2, "pear", "gone");
        put("c", 3, "apple", "lost");
        put("d", 4, "plum", "lost");
        put("e", 5, "Re: apple");
        threads("REFERENCES", "((1)(2)(3)(4)(5))");
    }

    @Test
    void ordered_subject_has_children_and_no_grandchildren() throws IOException {
        put("a", 3, "apple");
        put("b", 1, "pear");
        put("c", 5, "Re: apple", "b");
        put("d", 4, "[list] Fwd: APPLE (fwd)");
        put("e", 2, "Re: pear");
        threads("ORDEREDSUBJECT", "(2 5)(1 (4)(3))");
    }

    @Test
    void numbers_may_be_uids_and_nothing_found_is_no_thread() throws IOException {
        for (int i = 0; i < 3; i++) put("m" + i, i, "subject " + i);
        server.inbox().expunge(UidSet.of(1));
        talk(server.select(), """
                C: a UID THREAD REFERENCES US-ASCII ALL
                S: * THREAD (2)(3)
                S: a OK Searched
                C: b THREAD ORDEREDSUBJECT UTF-8 SUBJECT nothing
                S: * THREAD
                S: b OK Searched
                C: c THREAD NONSENSE UTF-8 ALL
                S: c BAD {*}
                C: d THREAD REFERENCES KOI8-R ALL
                S: d NO [BADCHARSET {*}
                C: e THREAD REFERENCES UTF-8
                S: e BAD {*}
                """);
    }

    @Test
    void references_in_a_circle_of_any_size_end() throws IOException {
        int all = 500;
        for (int i = 0; i < all; i++) put("m" + i, 1, "x", "m" + (i + 1) % all, "m" + (i + 7) % all);
        MemoryLine line = server.select();
        line.send("a THREAD REFERENCES UTF-8 ALL\r\n");
        String told = line.read();
        assertThat(told.split("[^0-9]+")).hasSize(all + 1);
    }
}
