package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ModifiedUtf7Test {

    @Test
    void the_examples_of_rfc_3501_are_read_and_written() {
        assertThat(ModifiedUtf7.encode("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e"))
                .isEqualTo("~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assertThat(ModifiedUtf7.decode("~peter/mail/&U,BTFw-/&ZeVnLIqe-"))
                .contains("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e");
        assertThat(ModifiedUtf7.encode("a&b")).isEqualTo("a&-b");
        assertThat(ModifiedUtf7.encode("Entw\u00fcrfe")).isEqualTo("Entw&APw-rfe");
    }

    @Test
    void a_name_has_one_spelling() {
        assertThat(ModifiedUtf7.decode("&AGE-")).as("plain letter in base 64").isEmpty();
        assertThat(ModifiedUtf7.decode("&U,BTFw-&ZeVnLIqe-"))
                .as("two shifts where one does")
                .isEmpty();
        assertThat(ModifiedUtf7.decode("&U,B")).isEmpty();
        assertThat(ModifiedUtf7.decode("&!!-")).isEmpty();
        assertThat(ModifiedUtf7.decode("\u00fc")).isEmpty();
    }

    @Test
    void every_name_comes_back() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--)
                name.appendCodePoint("a&-\u00e4\u20ac\u65e5\n".charAt(random.nextInt(7)));
            if (random.nextInt(4) == 0) name.appendCodePoint(0x1F4EF);
            assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(name.toString())))
                    .contains(name.toString());
        }
    }
}
