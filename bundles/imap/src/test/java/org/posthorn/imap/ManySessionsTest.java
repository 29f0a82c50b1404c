package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.MemoryLine;

/** Three clients that do things at random (seeded) in one mailbox: what each is told never contradicts what it was told before. */
class ManySessionsTest {

    private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
    private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
    private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
    private static final Pattern COUNT = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE)");

    /** What a client may know of a message; its UID is 0 as long as it has not been told. */
    private static final class Known {
        private long uid;
        private TreeSet<String> flags;
    }

    private static final class Client {
        private final MemoryLine line;
        private final List<Known> view = new ArrayList<>();

        Client(Server server, boolean condstore) throws IOException {
            line = server.login();
            tell("SELECT INBOX" + (condstore ? " (CONDSTORE)" : ""));
        }

        void tell(String command) throws IOException {
            line.send("t " + command + "\r\n");
            boolean numbers = command.matches("(FETCH|STORE|SEARCH).*");
            String answer = line.read();
            for (; !answer.startsWith("t "); answer = line.read()) {
                assertThat(numbers && answer.endsWith(" EXPUNGE"))
                        .as(command + " " + answer)
                        .isFalse();
                hear(answer);
            }
            assertThat(answer).as(command).matches("t (OK|NO \\[EXPUNGEISSUED]).*");
        }

        private void hear(String answer) {
            Matcher count = COUNT.matcher(answer);
            Matcher fetch = FETCH.matcher(answer);
            if (count.matches()) {
                int n = Integer.parseInt(count.group(1));
                if (count.group(2).equals("EXPUNGE")) view.remove(n - 1);
                else {
                    assertThat(n).isGreaterThanOrEqualTo(view.size());
                    while (view.size() < n) view.add(new Known());
                }
            } else if (fetch.matches()) learn(view.get(Integer.parseInt(fetch.group(1)) - 1), fetch.group(2));
        }

        private static void learn(Known known, String items) {
            Matcher uid = UID.matcher(items);
            Matcher flags = FLAGS.matcher(items);
            if (uid.find()) {
                long told = Long.parseLong(uid.group(1));
                assertThat(known.uid).isIn(0L, told);
                known.uid = told;
            }
            if (flags.find())
                known.flags = new TreeSet<>(
                        List.of(flags.group(1).replace("\\Recent", "").strip().split(" ")));
            if (known.flags != null) known.flags.remove("");
        }

        /** What is done silently the client has to know by itself. */
        void flagSilently(String range) throws IOException {
            tell("STORE " + range + " +FLAGS.SILENT (\\Flagged)");
            int colon = range.indexOf(':');
            for (int n = Integer.parseInt(range.substring(0, colon));
                    n <= Integer.parseInt(range.substring(colon + 1));
                    n++) {
                Known known = view.get(n - 1);
                if (known.flags != null) known.flags.add("\\Flagged");
            }
        }

        String range(Random random) {
            int from = 1 + random.nextInt(view.size());
            return from + ":" + Math.min(view.size(), from + random.nextInt(5));
        }
    }

    private static void step(Client client, Server server, Random random) throws IOException {
        int choice = random.nextInt(14);
        if (client.view.isEmpty() && choice > 2) return;
        switch (choice) {
            case 0, 1 -> server.inbox().add("A: 1\r\n\r\n", Flags.NONE);
            case 2 -> client.tell("NOOP");
            case 3 -> client.tell("STORE " + client.range(random) + " +FLAGS (\\Deleted)");
            case 4 -> client.tell("UID STORE " + (1 + random.nextInt(200)) + ":* -FLAGS (\\Seen)");
            case 5 -> client.flagSilently(client.range(random));
            case 6 -> client.tell("EXPUNGE");
            case 7 -> client.tell("FETCH " + client.range(random) + " (UID FLAGS)");
            case 8 -> client.tell("UID FETCH 1:* (FLAGS)");
            case 9 -> client.tell("SEARCH UNDELETED");
            case 10 -> client.tell("COPY " + client.range(random) + " INBOX");
            case 11 -> client.tell("MOVE " + client.range(random) + " Trash");
            case 12 -> client.tell("UID EXPUNGE 1:" + (1 + random.nextInt(200)));
            default -> client.tell("STORE " + client.range(random) + " FLAGS (k" + random.nextInt(3) + " \\Seen)");
        }
    }

    @Test
    void what_each_is_told_adds_up() throws IOException {
        for (int seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            Server server = new Server();
            List<Client> clients =
                    List.of(new Client(server, false), new Client(server, true), new Client(server, false));
            for (int i = 0; i < 300; i++) step(clients.get(random.nextInt(3)), server, random);
            List<Entry> entries = server.inbox().entries(UidSet.ALL);
            for (Client client : clients) {
                client.tell("NOOP");
                List<TreeSet<String>> knownFlags =
                        client.view.stream().map(k -> k.flags).toList();
                if (!client.view.isEmpty()) client.tell("FETCH 1:" + client.view.size() + " (UID FLAGS)");
                assertThat(client.view)
                        .extracting(k -> k.uid)
                        .isEqualTo(entries.stream().map(Entry::uid).toList());
                for (int n = 0; n < knownFlags.size(); n++)
                    if (knownFlags.get(n) != null) assertThat(knownFlags.get(n)).isEqualTo(client.view.get(n).flags);
            }
        }
    }
}
