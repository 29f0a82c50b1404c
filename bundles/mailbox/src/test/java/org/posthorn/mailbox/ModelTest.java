package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.UidSet;

/** Random work on two mailboxes, beside a model of what they should hold and a session that knows only what since() tells it. */
class ModelTest {

    private static final List<String> NAMES = List.of("INBOX", "Work.2026");
    private static final List<String> FLAGS =
            List.of("\\Seen", "\\Flagged", "\\Deleted", "\\Answered", "\\Draft", "$Forwarded", "a", "Bc");

    @TempDir
    Path directory;

    private record Known(String text, Flags flags) {}

    private final Map<String, TreeMap<Long, Known>> model = new HashMap<>();
    private final Map<String, TreeMap<Long, Flags>> session = new HashMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private final Map<String, Long> highestUid = new HashMap<>();
    private Random random;
    private int count;

    @ParameterizedTest
    @CsvSource({"maildir,1", "maildir,2", "mbox,3", "mbox,4"})
    void a_session_that_follows_since_knows_what_is_there(String format, long seed) throws Exception {
        random = new Random(seed);
        try (Post post = new Post(format, directory)) {
            post.alice().create(NAMES.get(1), java.util.Optional.empty());
            for (String name : NAMES) {
                model.put(name, new TreeMap<>());
                session.put(name, new TreeMap<>());
                seen.put(name, 0L);
                highestUid.put(name, 0L);
            }
            for (int step = 0; step < 250; step++) {
                step(post);
                String name = NAMES.get(random.nextInt(2));
                follow(post.mailbox(name));
                if (step % 10 == 0) for (String each : NAMES) compare(post.mailbox(each));
            }
        }
    }

    private void step(Post post) throws Exception {
        String name = NAMES.get(random.nextInt(2));
        String other = NAMES.get(random.nextInt(2));
        Mailbox box = post.mailbox(name);
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> append(box);
            case 4, 5 -> deliver(post);
            case 6, 7, 8 -> store(box);
            case 9 -> transfer(box, post.mailbox(other), random.nextBoolean());
            case 10 -> expunge(box);
            default -> restart(post);
        }
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("Subject: " + ++count + "\r\nX-Long:" + " x".repeat(random.nextInt(50)) + "\r\n\r\n");
        for (int i = random.nextInt(20); i > 0; i--)
            text.append(new String[] {"From me\r\n", "\r\n", ">From\r\n", "line\r\n", ".\r\n", "From x 10:10\r\n"}
                    [random.nextInt(6)]);
        return text.toString();
    }

    private Flags flags() {
        List<String> names = new ArrayList<>(FLAGS);
        names.removeIf(f -> random.nextInt(3) > 0);
        return Flags.named(names);
    }

    private UidSet some(Mailbox box) {
        TreeMap<Long, Known> there = model.get(box.name());
        return UidSet.ofUids(there.keySet().stream().mapToLong(u -> u).filter(u -> random.nextInt(4) == 0));
    }

    private void append(Mailbox box) throws Exception {
        String text = text();
        Flags flags = flags();
        put(
                box.name(),
                box.append(Post.message(text), flags, Instant.ofEpochSecond(1_700_000_000 + count))
                        .uid(),
                new Known(text, flags));
    }

    private void deliver(Post post) throws Exception {
        String text = text();
        put("INBOX", post.deliver(Post.mail(Post.message(text))).uid(), new Known(text, Flags.NONE));
    }

    private void put(String name, long uid, Known known) {
        assertThat(uid).as("UIDs rise").isGreaterThan(highestUid.put(name, uid));
        model.get(name).put(uid, known);
    }

    private void store(Mailbox box) throws Exception {
        FlagChange change = new FlagChange(FlagChange.Kind.values()[random.nextInt(3)], flags());
        UidSet uids = some(box);
        box.store(uids, change, OptionalLong.empty());
        model.get(box.name())
                .replaceAll((uid, k) -> uids.contains(uid) ? new Known(k.text(), change.apply(k.flags())) : k);
    }

    private void transfer(Mailbox from, Mailbox to, boolean move) throws Exception {
        UidSet uids = some(from);
        Copied copied = move ? from.move(uids, to) : from.copy(uids, to);
        assertThat(UidSet.ofUids(copied.from().stream().mapToLong(u -> u))).isEqualTo(uids);
        for (int i = 0; i < copied.from().size(); i++) {
            Known known = model.get(from.name()).get(copied.from().get(i));
            put(to.name(), copied.to().get(i), known);
            if (move) model.get(from.name()).remove(copied.from().get(i));
        }
    }

    private void expunge(Mailbox box) throws Exception {
        UidSet uids = some(box);
        assertThat(box.expunge(uids)).isEqualTo(uids);
        model.get(box.name()).keySet().removeIf(uids::contains);
    }

    private void restart(Post post) throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> post.crash(post.boot());
            case 1 -> lose(post);
            default -> post.restart();
        }
    }

    /** The index of a mailbox is cut short while nobody looks: what is lost is found again on the shelf, under the same UIDs. */
    private void lose(Post post) throws Exception {
        post.close();
        Path index = post.home().resolve("index");
        try (var files = Files.walk(index)) {
            for (Path path :
                    files.filter(p -> p.toString().endsWith("2026.index")).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                Files.write(path, java.util.Arrays.copyOf(bytes, bytes.length - 1 - random.nextInt(bytes.length / 4)));
            }
        }
        post.restart();
        compare(post.mailbox(NAMES.get(1)));
    }

    private void follow(Mailbox box) throws Exception {
        TreeMap<Long, Flags> view = session.get(box.name());
        Changes changes = box.since(seen.get(box.name()));
        if (!changes.complete()) {
            view.clear();
            box.entries(UidSet.ALL).forEach(e -> view.put(e.uid(), e.flags()));
        }
        changes.entries().forEach(e -> view.put(e.uid(), e.flags()));
        view.keySet().removeIf(changes.vanished()::contains);
        seen.put(box.name(), changes.highestModSeq());
        TreeMap<Long, Flags> expected = new TreeMap<>();
        model.get(box.name()).forEach((uid, k) -> expected.put(uid, k.flags()));
        assertThat(view).isEqualTo(expected);
    }

    private void compare(Mailbox box) throws Exception {
        TreeMap<Long, Known> expected = model.get(box.name());
        List<Entry> entries = box.entries(UidSet.ALL);
        assertThat(entries).extracting(Entry::uid).containsExactlyElementsOf(expected.keySet());
        long size = 0;
        for (Entry entry : entries) {
            Known known = expected.get(entry.uid());
            assertThat(entry.flags()).isEqualTo(known.flags());
            assertThat(entry.size()).isEqualTo(known.text().length());
            assertThat(Post.text(box.message(entry.uid()).orElseThrow())).isEqualTo(known.text());
            size += entry.size();
        }
        Roll roll = box.roll();
        assertThat(roll.uids()).isEqualTo(UidSet.ofUids(entries.stream().mapToLong(Entry::uid)));
        assertThat(roll.keywords())
                .containsExactlyInAnyOrderElementsOf(entries.stream()
                        .flatMap(e -> e.flags().keywords().stream())
                        .collect(Collectors.toSet()));
        Status status = roll.status();
        assertThat(status).isEqualTo(box.status());
        assertThat(status.size()).isEqualTo(size);
        assertThat(status.messages()).isEqualTo(expected.size());
        assertThat(status.unseen())
                .isEqualTo(expected.values().stream()
                        .filter(k -> !k.flags().has(Flags.SEEN))
                        .count());
        assertThat(status.uidNext()).isGreaterThan(highestUid.get(box.name()));
    }
}
