package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.spool.Pending;

/** A process that takes mail is killed in the middle of it. */
class KillTest {

    private static final JournalSpool.Limits LIMITS = new JournalSpool.Limits(1 << 20, 300_000, 0, 0);

    @TempDir
    Path root;

    @Test
    void every_mail_that_was_acknowledged_is_there_after_a_kill() throws Exception {
        Random random = new Random(5);
        Map<String, Integer> acknowledged = new HashMap<>();
        Set<String> settled = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            takeMail(100 + random.nextInt(900), acknowledged, settled);
            try (JournalSpool spool = Mails.open(root, LIMITS, Mails.BOOT)) {
                Set<String> there = new HashSet<>(Mails.ids(spool));
                for (String id : acknowledged.keySet())
                    if (!settled.contains(id)) assertThat(there).contains(id);
                for (Pending pending : spool.replay()) {
                    Integer seed = acknowledged.get(pending.mail().id().text());
                    if (seed != null)
                        assertThat(Mails.text(pending.mail().message())).isEqualTo(body(seed));
                }
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(300);
        assertThat(root.resolve("damaged"))
                .as("a write that was cut short is no damage")
                .isEmptyDirectory();
    }

    private void takeMail(int mails, Map<String, Integer> acknowledged, Set<String> settled) throws IOException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(java, "-Xmx64m", "-cp", path, Taker.class.getName(), root.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            int count = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // A line without its end is one that was not written whole.
                String[] words = line.split(" ");
                if (words.length != 3) continue;
                if (words[0].equals("committed")) acknowledged.put(words[1], Integer.valueOf(words[2]));
                else settled.add(words[1]);
                // By its handle: Process.destroy would close the pipe, and the last lines in it.
                if (++count == mails) child.toHandle().destroyForcibly();
            }
        } finally {
            child.destroyForcibly();
        }
    }

    static String body(int seed) {
        Random random = new Random(seed);
        // One in sixteen is large.
        int size = random.nextInt(16) == 0 ? 70_000 : 1 + random.nextInt(5000);
        return Integer.toString(seed).repeat(size).substring(0, size);
    }

    /** Takes mail for ever and tells of it: {@code committed ID SEED}, and before it settles one {@code settling ID -}. */
    static final class Taker {

        private Taker() {}

        public static void main(String[] args) throws IOException {
            JournalSpool spool = Mails.open(Path.of(args[0]), LIMITS, Mails.BOOT);
            AtomicInteger seeds = new AtomicInteger(new Random().nextInt(1_000_000));
            for (int i = 0; i < 6; i++)
                new Thread(() -> {
                            try {
                                while (true) take(spool, seeds.incrementAndGet());
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        })
                        .start();
        }

        private static void take(JournalSpool spool, int seed) throws IOException {
            Mail mail = Mails.commit(spool, body(seed), "a@example.test");
            say("committed " + mail.id() + " " + seed);
            if (seed % 4 == 0) return;
            say("settling " + mail.id() + " -");
            spool.settle(mail.id(), List.of(0));
        }

        private static void say(String line) {
            synchronized (System.out) {
                System.out.println(line);
                System.out.flush();
            }
        }
    }
}
