package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Conversation;
import org.posthorn.itests.fuzz.Scratch;
import org.posthorn.testkit.MemoryLine;

/** A client with a mailbox selected says anything. Then it may hear of something that happens in its mailboxes, of more in another version's hands. */
class TalkFuzzTest {

    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");
    private static final FlagChange FLAGGED =
            new FlagChange(FlagChange.Kind.ADD, Flags.named(List.of("\\Flagged", "x")));

    @FuzzTest
    @Timeout(60)
    @DictionaryFile(resourcePath = "/org/posthorn/imap/imap.dict")
    void whatever_is_said_the_answers_are_those_of_imap_and_others_are_served(byte[] octets) throws IOException {
        try (Scratch scratch = Scratch.make()) {
            // What is noted of the server lies on disk.
            say(
                    new Server(scratch.folder(), TalkFuzzTest::pause, System::nanoTime),
                    new String(octets, StandardCharsets.ISO_8859_1));
        }
    }

    /** A breath is none, and nothing longer ends. */
    private static CompletionStage<Void> pause(Duration time) {
        return time.compareTo(Session.BREATH) > 0 ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
    }

    private static void say(Server server, String octets) throws IOException {
        server.fred().deliver("From: a@b.c\r\nSubject: one\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n\r\nbody\r\n");
        server.fred()
                .deliver(
                        "Subject: Re: one\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\npart\r\n--x--\r\n");
        MemoryLine line = server.select();
        line.send(octets);
        happens(server, 1);
        handOver(line, server);
        happens(server, 2);
        line.send("\r\nDONE\r\nz NOOP\r\n");
        answers(line.unread());
        line.close();
        talk(server.select(), "C: 2 NOOP\nS: 2 OK {*}");
    }

    private static void happens(Server server, long uid) throws IOException {
        server.fred().deliver("Subject: two\r\n\r\n");
        server.inbox().store(UidSet.of(uid + 1), FLAGGED, OptionalLong.empty());
        server.inbox().expunge(UidSet.of(uid));
        MemoryMailbox sent = server.fred().box("Sent");
        if (sent != null) sent.add("Subject: three\r\n\r\n", Flags.NONE);
    }

    /** As when another version of the bundle comes, if the client is not in the middle of something. */
    private static void handOver(MemoryLine line, Server server) {
        Conversation old = line.conversation();
        old.suspend().ifPresent(page -> {
            line.resume(server.protocol, page);
            old.closed();
        });
    }

    /** RFC 3501 7: lines that begin with a tag, an asterisk or a plus, and what no line can hold as a literal. */
    private static void answers(String text) {
        boolean within = false;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf("\r\n", at);
            assertThat(end).as("the end of a line").isGreaterThanOrEqualTo(0);
            String line = text.substring(at, end);
            assertThat(line).doesNotContain("\r", "\n", "\0").doesNotContain("could not be done");
            if (!within) assertThat(line).matches("(?s)([*+]|[^ (){%*\"\\\\+\\]\\x00-\\x1f\\x7f]+)( .*)?");
            Matcher literal = LITERAL.matcher(line);
            within = literal.find();
            at = end + 2 + (within ? Integer.parseInt(literal.group(1)) : 0);
        }
    }
}
