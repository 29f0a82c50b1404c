package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.IdChanges;

class ObjectLogTest {

    @TempDir
    Path folder;

    private ObjectLog open(long start) throws IOException {
        return ObjectLog.open(folder.resolve("a/log"), start);
    }

    private static ObjectNode object(int value) {
        return Json.NODES.objectNode().put("v", value);
    }

    private static List<Long> numbers(List<IdChanges.Change> changes) {
        return changes.stream().map(IdChanges.Change::number).toList();
    }

    @Test
    void changes_are_told_from_each_state_on() throws IOException {
        ObjectLog log = open(1000);
        assertThat(log.state()).isZero();
        assertThat(Files.exists(folder.resolve("a"))).as("nobody has written").isFalse();
        log.add(object(1));
        long one = log.state();
        log.add(object(2));
        log.put(1, object(3));
        log.remove(2);
        IdChanges since = log.changes(one).orElseThrow();
        assertThat(numbers(since.updated())).containsExactly(1L);
        assertThat(since.created()).isEmpty();
        assertThat(since.destroyed()).as("it came and went").isEmpty();
        assertThat(numbers(log.changes(0).orElseThrow().created())).containsExactly(1L);
        assertThat(log.changes(one + 99)).isEmpty();
        assertThat(log.changes(7)).as("a state of a file that was lost").isEmpty();
    }

    @Test
    void it_is_after_a_start_what_it_was_and_a_torn_line_is_cut_off() throws IOException {
        ObjectLog log = open(1000);
        log.add(object(1));
        log.add(object(2));
        long state = log.state();
        Path file = folder.resolve("a/log");
        Files.writeString(file, Files.readString(file) + "{\"n\":99,\"num");
        ObjectLog again = open(2000);
        assertThat(again.all()).isEqualTo(log.all());
        assertThat(again.state()).isEqualTo(state);
        again.add(object(3));
        assertThat(open(3000).all()).hasSize(3);
        Files.writeString(file, Files.readString(file).replace("\"number\":2", "\"number\":[[["));
        assertThat(open(3000).all()).as("the others are there").hasSize(2);
    }

    @Test
    void of_what_is_erased_the_file_says_nothing() throws IOException {
        ObjectLog log = open(1000);
        log.add(object(1).put("text", "secret"));
        log.put(1, object(2).put("text", "secret"));
        log.add(object(3));
        log.erase(1);
        log.erase(9);
        assertThat(Files.readString(folder.resolve("a/log"))).doesNotContain("secret");
        ObjectLog again = open(2000);
        assertThat(again.all()).isEqualTo(log.all()).hasSize(1);
        assertThat(again.state()).isEqualTo(log.state());
        assertThat(again.add(object(4))).isEqualTo(3);
    }

    @Test
    void large_objects_that_change_often_do_not_make_it_grow_and_too_many_are_not_to_be_added() throws IOException {
        ObjectLog log = open(1000);
        ObjectNode large = object(1).put("text", "x".repeat(1 << 20));
        log.add(large);
        for (int i = 0; i < 20; i++) log.put(1, large);
        assertThat(Files.size(folder.resolve("a/log"))).isLessThan(6 << 20);
        assertThat(log.full()).isFalse();
        while (!log.full()) log.add(large);
        assertThat(log.size()).isEqualTo(16);
        ObjectLog again = open(2000);
        assertThat(again.all()).isEqualTo(log.all());
        assertThat(again.full()).isTrue();
        again.remove(3);
        again.put(4, object(2));
        assertThat(again.full()).isFalse();
    }

    @Test
    void it_agrees_with_a_map_over_many_changes_and_starts_and_stays_short() throws IOException {
        Random random = new Random(8621);
        TreeMap<Long, Integer> model = new TreeMap<>();
        ObjectLog log = open(1000);
        for (int i = 0; i < 3000; i++) {
            int what = random.nextInt(3);
            long some = model.isEmpty() ? 0 : model.firstKey() + random.nextInt(10);
            if (what == 0 || model.isEmpty()) model.put(log.add(object(i)), i);
            else if (what == 1) {
                int value = i;
                log.put(some, object(value));
                model.computeIfPresent(some, (number, before) -> value);
            } else {
                log.remove(some);
                model.remove(some);
            }
            if (random.nextInt(100) == 0) log = open(1000 + i);
        }
        TreeMap<Long, Integer> found = new TreeMap<>();
        log.all().forEach(e -> found.put(e.number(), e.object().path("v").asInt()));
        assertThat(found).isEqualTo(model);
        assertThat(Files.readAllLines(folder.resolve("a/log"))).hasSizeLessThan(2 * model.size() + 510);
    }
}
