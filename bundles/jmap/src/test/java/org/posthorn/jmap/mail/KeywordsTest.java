package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mailbox.Flags;

/** RFC 8621 4.1.1 */
class KeywordsTest {

    @Test
    void flags_of_the_system_have_a_dollar_and_deleted_is_none() {
        Flags flags =
                Flags.named(List.of("\\Seen", "\\Flagged", "\\Answered", "\\Draft", "\\Deleted", "$Forwarded", "Own"));
        assertThat(Keywords.of(flags)).containsExactly("$answered", "$draft", "$flagged", "$forwarded", "$seen", "own");
    }

    @Test
    void keywords_are_flags_again() {
        assertThat(Keywords.flags(List.of("$SEEN", "$draft", "Own")))
                .isEqualTo(Flags.named(List.of("\\Seen", "\\Draft", "own")));
    }

    @ParameterizedTest
    @CsvSource({"$seen, true", "a(b, false", "a b, false", "ä, false", "a]b, false", "a/b, true", "'', false"})
    void keyword_is_an_atom(String name, boolean possible) {
        assertThat(Keywords.possible(name)).isEqualTo(possible);
        assertThat(Keywords.possible("a".repeat(256))).isFalse();
    }
}
