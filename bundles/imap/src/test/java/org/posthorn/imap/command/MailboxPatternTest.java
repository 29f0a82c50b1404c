package org.posthorn.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MailboxPatternTest {

    /** Seeded: against regular expressions, which are right and may take for ever. */
    @Test
    void wildcards_match_what_they_stand_for() {
        Random random = new Random(3501);
        for (int round = 0; round < 50_000; round++) {
            String pattern = letters(random, "ab.*%", 8);
            String name = letters(random, "ab.", 8);
            String expression = pattern.replace(".", "\\.").replace("*", ".*").replace("%", "[^.]*");
            assertThat(new MailboxPattern(pattern).matches(name))
                    .as(pattern + " and " + name)
                    .isEqualTo(Pattern.matches(expression, name));
        }
    }

    @Test
    void wildcards_in_a_row_count_once() {
        assertThat(new MailboxPattern("%".repeat(1000) + "*" + "%".repeat(1000) + "x").pattern())
                .isEqualTo("*x");
    }

    private static String letters(Random random, String from, int most) {
        StringBuilder letters = new StringBuilder();
        for (int n = random.nextInt(most); n > 0; n--) letters.append(from.charAt(random.nextInt(from.length())));
        return letters.toString();
    }
}
