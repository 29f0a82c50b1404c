package org.posthorn.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {

    private final Keys keys = new Keys();
    private final List<String> model = new ArrayList<>();

    @Test
    void every_row_has_the_key_that_it_was_given() {
        add("", "a", "1764449000.M1P2.host,S=600", "Grüße \uD83D\uDCEF", "x".repeat(0xFFFF));
        assertSame();
    }

    @Test
    void none_is_longer_than_its_length_can_say() {
        assertThrows(IllegalArgumentException.class, () -> keys.add(0, "x".repeat(0x10000)));
    }

    @Test
    void a_list_of_keys_and_they_go_the_same_way_whatever_is_added_renamed_and_removed() {
        Random random = new Random(7);
        for (int step = 0; step < 20_000; step++) {
            int row = model.isEmpty() ? 0 : random.nextInt(model.size());
            if (model.isEmpty() || random.nextInt(100) < 55) add("key " + step + "-".repeat(random.nextInt(60)));
            else if (random.nextBoolean()) rename(row, "new " + step);
            else remove(row, Math.min(model.size(), row + 1 + random.nextInt(3)));
            keys.tidy(model.size());
        }
        assertSame();
        remove(1, model.size());
        keys.tidy(1);
        assertSame();
    }

    private void add(String... more) {
        for (String key : more) {
            keys.grow(model.size() + 1);
            keys.add(model.size(), key);
            model.add(key);
        }
    }

    private void rename(int row, String key) {
        keys.drop(row);
        keys.add(row, key);
        model.set(row, key);
    }

    private void remove(int from, int behind) {
        for (int row = from; row < behind; row++) keys.drop(row);
        keys.move(behind, from, model.size() - behind);
        model.subList(from, behind).clear();
    }

    private void assertSame() {
        for (int row = 0; row < model.size(); row++) assertEquals(model.get(row), keys.get(row));
    }
}
