package org.posthorn.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Address;

class SendersTest {

    private final Town town = new Town();
    private final Senders senders = new Senders(Town.backends(town), Town.routing());

    @BeforeEach
    void fill() throws IOException {
        town.addDomain("example.test");
        town.addDomain("catch.test");
        town.addUser(Address.of("alice@example.test"), "x");
        town.addUser(Address.of("bob@example.test"), "x");
        town.addUser(Address.of("bob+own@example.test"), "x");
        alias("sales", "example.test", "alice@example.test", "carol@elsewhere.test");
        alias("info", "example.test", "Sales@example.test");
        alias("far", "example.test", "info@example.test");
        alias("team", "example.test", "alice+team@example.test");
        alias("postmaster", "example.test", "alice@example.test");
        alias("", "catch.test", "alice@example.test");
        alias("taken", "catch.test", "bob@example.test");
        alias("loop", "example.test", "loop@example.test");
    }

    private void alias(String name, String domain, String... targets) {
        town.alias(name, domain, Arrays.stream(targets).map(Address::of).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.test, true",
        "ALICE@Example.TEST, true",
        "alice+lists@example.test, true",
        "sales@example.test, true",
        "Sales+eu@example.test, true",
        "info@example.test, true",
        "team@example.test, true",
        "postmaster, true",
        "anything@catch.test, true",
        "taken@catch.test, false",
        "far@example.test, false",
        "loop@example.test, false",
        "bob@example.test, false",
        "bob+x@example.test, false",
        "nobody@example.test, false",
        "alice@elsewhere.test, false"
    })
    void alice_may_send_as(String sender, boolean may) throws IOException {
        assertThat(senders.maySend(Address.of("alice@example.test"), Address.of(sender)))
                .isEqualTo(may);
    }

    @Test
    void a_detail_that_is_a_user_of_its_own_is_not_the_others() throws IOException {
        Address own = Address.of("bob+own@example.test");
        assertThat(senders.maySend(Address.of("bob@example.test"), own)).isFalse();
        assertThat(senders.maySend(own, own)).isTrue();
    }

    @Test
    void alices_addresses_are_her_own_and_the_aliases_that_lead_to_her() throws IOException {
        assertThat(senders.addresses(Address.of("alice@example.test")))
                .map(Address::toString)
                .containsExactly(
                        "alice@example.test",
                        "info@example.test",
                        "postmaster@example.test",
                        "sales@example.test",
                        "team@example.test");
        for (Address own : senders.addresses(Address.of("alice@example.test")))
            assertThat(senders.maySend(Address.of("alice@example.test"), own)).isTrue();
    }
}
