package org.posthorn.api.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "alice@example.test, alice, example.test",
        "a.b+c@example.test, a.b+c, example.test",
        "alice@example.test., alice, example.test",
        "\"a b\"@example.test, a b, example.test",
        "\"a@b\"@example.test, a@b, example.test",
        "bob@[127.0.0.1], bob, [127.0.0.1]",
        "bob@[IPv6:::1], bob, [IPv6:::1]",
        "jürgen@exämple.test, jürgen, exämple.test",
        "Postmaster, Postmaster, ''",
    })
    void reads_what_is_a_mailbox(String text, String local, String domain) {
        assertThat(Address.parse(text)).contains(new Address(local, domain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "@", "a@", "@b", "a", "a b@c", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@-b", "a@b-", "a@[", "a@[]",
                "\"a@b", "\"\"@b", "a@b c", "a\r@b", "a@b\n", "<a@b>", "a,b@c", "a@b@c"
            })
    void refuses_what_is_none(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }

    @Test
    void an_address_that_was_read_is_written_so_that_it_is_read_the_same() {
        Random random = new Random(1);
        String alphabet = "ab.\"\\@ +-[]:1é\u0001<>";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--)
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            Address.parse(text.toString())
                    .ifPresent(a -> assertThat(Address.parse(a.toString())).contains(a));
        }
    }

    @Test
    void names_longer_than_the_limits_are_refused() {
        assertThat(Address.parse("a".repeat(65) + "@b.test")).isEmpty();
        assertThat(Address.parse("a@" + "b".repeat(64) + ".test")).isEmpty();
        assertThat(Address.parse("a".repeat(64) + "@" + "b".repeat(63) + ".test"))
                .isPresent();
    }
}
