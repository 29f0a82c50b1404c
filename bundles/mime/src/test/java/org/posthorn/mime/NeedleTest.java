package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NeedleTest {

    /** Seeded: letters that repeat are what a search of this kind can get wrong. */
    @Test
    void words_are_found_where_they_are_and_nowhere_else() {
        Random random = new Random(1977);
        for (int round = 0; round < 20_000; round++) {
            String text = letters(random, 30);
            Needle words = new Needle(letters(random, 5));
            int half = random.nextInt(text.length() + 1);
            int matched = words.read(words.read(0, text.substring(0, half)), text.substring(half));
            assertThat(words.found(matched)).as(words + " in " + text).isEqualTo(text.contains(words.toString()));
            assertThat(words.in(text)).isEqualTo(text.contains(words.toString()));
        }
    }

    private static String letters(Random random, int most) {
        StringBuilder letters = new StringBuilder();
        for (int n = random.nextInt(most); n > 0; n--) letters.append((char) ('a' + random.nextInt(2)));
        return letters.toString();
    }
}
