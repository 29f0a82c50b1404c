package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Producer;
import org.posthorn.testkit.MemoryLine;

/** A client that does not read: what waits for it in memory stays small, and nothing is lost when it reads after all. */
class SlowClientTest {

    private static final int SMALL = 200_000;
    private static final int MANY = 20_000;

    private Server server = new Server();
    private final StringBuilder sent = new StringBuilder();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private Producer producer;
    private Conversation conversation;

    private Object called(String method, Object[] arguments) {
        switch (method) {
            case "send" -> sent.append(arguments[0]);
            case "produce" -> producer = (Producer) arguments[0];
            case "await" -> tasks.add((Runnable) arguments[1]);
            case "run" -> tasks.add((Runnable) arguments[0]);
            case "close" -> conversation.closed();
            default -> {}
        }
        return switch (method) {
            case "listener" -> new Listener("test", "imap", true, true);
            case "client" -> new InetSocketAddress("127.0.0.1", 40000);
            case "tls" -> Optional.empty();
            case "compressed" -> false;
            default -> null;
        };
    }

    private Connection slow() {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> called(method.getName(), arguments));
    }

    private void connect(String... commands) {
        conversation = server.protocol.begin(slow());
        conversation.opened();
        conversation.line("0 LOGIN fred@example.org \"foo bar\"");
        for (String command : commands) conversation.line(command);
    }

    /** Reads all that is there. */
    private String read() {
        while (producer != null || !tasks.isEmpty()) {
            while (!tasks.isEmpty()) tasks.poll().run();
            Producer current = producer;
            if (current != null && !current.more() && producer == current) producer = null;
        }
        return sent.toString();
    }

    private void fill() throws IOException {
        for (int i = 0; i < MANY; i++) server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
    }

    private static long count(String text, String end) {
        return text.lines().filter(l -> l.endsWith(end)).count();
    }

    @Test
    void answer_to_store_waits_for_its_client() throws IOException {
        fill();
        connect("1 SELECT INBOX", "2 STORE 1:* +FLAGS (\\Seen)");
        assertThat(sent.length()).isLessThan(SMALL);
        String all = read();
        assertThat(count(all, " FETCH (FLAGS (\\Seen \\Recent))")).isEqualTo(MANY);
        assertThat(all).endsWith(" FETCH (FLAGS (\\Seen \\Recent))\r\n2 OK Stored\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PREVIEW", "BINARY.PEEK[]<0.1>", "BINARY.PEEK[1]<0.1>"})
    void large_messages_are_read_when_it_is_their_turn(String item) throws IOException {
        for (int i = 0; i < 3; i++) server.inbox().add("A: 1\r\n\r\n" + "b".repeat(100_000), Flags.NONE);
        connect("1 SELECT INBOX", "2 FETCH 1:3 " + item);
        assertThat(sent.toString()).doesNotContain("* 2 FETCH (");
        producer.more();
        assertThat(sent.toString()).doesNotContain("* 3 FETCH (");
        assertThat(read()).contains("* 3 FETCH (" + item.replace(".PEEK", "").replace(".1>", ">"));
    }

    @Test
    void answer_to_list_waits_for_its_client() throws IOException {
        for (int i = 0; i < MANY / 10; i++) server.fred().create("m" + i, Optional.empty());
        String entry = "/private/vendor/" + "x".repeat(200);
        connect("1 LIST \"\" m* RETURN (METADATA (" + entry + "1 " + entry + "2))");
        assertThat(sent.length()).isLessThan(SMALL);
        String all = read();
        assertThat(count(all, entry + "1 NIL " + entry + "2 NIL)")).isEqualTo(MANY / 10);
        assertThat(all).endsWith(")\r\n1 OK That is all\r\n");
    }

    @Test
    void news_wait_for_their_client() throws IOException {
        fill();
        connect("1 SELECT INBOX");
        MemoryLine other = server.login();
        other.send("a SELECT INBOX\r\nb STORE 1:* +FLAGS.SILENT (\\Deleted)\r\n");
        conversation.line("2 NOOP");
        assertThat(sent.length()).isLessThan(SMALL);
        assertThat(count(read(), " FETCH (FLAGS (\\Deleted \\Recent))")).isEqualTo(MANY);
        assertThat(sent.toString()).contains(" FETCH (FLAGS (\\Deleted \\Recent))\r\n2 OK ");
        sent.setLength(0);
        other.send("c EXPUNGE\r\n");
        conversation.line("3 NOOP");
        assertThat(sent.length()).isLessThan(SMALL);
        assertThat(count(read(), " EXPUNGE")).isEqualTo(MANY);
        assertThat(sent.toString()).startsWith("* " + MANY + " EXPUNGE\r\n").contains("* 1 EXPUNGE\r\n3 OK ");
    }

    @Test
    void mailboxes_that_are_searched_wait_for_their_client() throws IOException {
        for (String name : List.of("INBOX", "Drafts", "Trash"))
            server.fred().box(name).add("A: 1\r\n\r\n", Flags.NONE);
        connect("1 ESEARCH IN (mailboxes (INBOX Drafts Trash)) ALL");
        while (!tasks.isEmpty()) tasks.poll().run();
        assertThat(sent.toString()).contains("MAILBOX INBOX").doesNotContain("Drafts");
        producer.more();
        assertThat(sent.toString()).contains("MAILBOX Drafts").doesNotContain("Trash");
        assertThat(read()).contains("MAILBOX Trash").endsWith("1 OK Searched\r\n");
    }

    @Test
    void idling_client_that_does_not_read_is_told_when_it_does() throws IOException {
        fill();
        connect("1 SELECT INBOX", "2 IDLE");
        read();
        sent.setLength(0);
        MemoryLine other = server.login();
        other.send("a SELECT INBOX\r\n");
        for (int round = 0; round < 20; round++) {
            other.send("b STORE 1:* " + (round % 2 == 0 ? "+" : "-") + "FLAGS.SILENT (\\Seen)\r\n");
            while (!tasks.isEmpty()) tasks.poll().run();
            if (round == 0) producer.more();
        }
        assertThat(sent.length()).isLessThan(SMALL);
        String all = read();
        assertThat(count(all, " FETCH (FLAGS (\\Seen \\Recent))")).isEqualTo(MANY);
        // All that came while it did not read is told once.
        assertThat(count(all, " FETCH (FLAGS (\\Recent))")).isEqualTo(MANY);
        conversation.line("DONE");
        assertThat(sent.toString()).endsWith("2 OK Idle is over\r\n");
    }

    @Test
    void idling_client_that_is_being_told_is_handed_over_when_it_has_heard_all() throws IOException {
        fill();
        connect("1 SELECT INBOX", "2 IDLE");
        read();
        MemoryLine other = server.login();
        other.send("a SELECT INBOX\r\nb STORE 1:* +FLAGS.SILENT (\\Seen)\r\n");
        while (!tasks.isEmpty()) tasks.poll().run();
        producer.more();
        assertThat(conversation.suspend()).isEmpty();
        assertThat(count(read(), " FETCH (FLAGS (\\Seen \\Recent))")).isEqualTo(MANY);
        assertThat(conversation.suspend()).isPresent();
    }

    @Test
    void notified_client_that_does_not_read_hears_how_it_ended() throws IOException {
        server = new Server(Path.of("target", "data"), d -> CompletableFuture.completedStage(null), System::nanoTime);
        for (int i = 0; i < 900; i++) server.fred().create("m" + i, Optional.empty());
        connect("1 NOTIFY SET (SELECTED NONE) (PERSONAL (MessageNew MessageExpunge))");
        read();
        sent.setLength(0);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 900; i++) server.fred().box("m" + i).add("A: 1\r\n\r\n", Flags.NONE);
            while (!tasks.isEmpty()) tasks.poll().run();
            if (round == 0) producer.more();
        }
        assertThat(sent.length()).isLessThan(2000);
        String all = read();
        assertThat(count(all, " (UIDNEXT 21 MESSAGES 20)")).isEqualTo(900);
        // Those that it was told of before it went deaf.
        assertThat(all.lines().count()).isLessThanOrEqualTo(916);
        assertThat(conversation.suspend()).isPresent();
    }
}
