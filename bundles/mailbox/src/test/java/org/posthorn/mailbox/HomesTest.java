package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;

class HomesTest {

    private final Path root = Path.of("/root");

    @Test
    void an_account_has_one_home_however_it_is_written() {
        Homes homes = new Homes(root);
        assertThat(homes.of(Address.of("Alice.B@Example.ORG"))).isEqualTo(root.resolve("example.org/alice.b"));
        assertThat(homes.of(new Address("alice.b", "example.org"))).isEqualTo(root.resolve("example.org/alice.b"));
    }

    @Test
    void no_name_leads_elsewhere_and_no_two_lead_to_the_same() {
        List<String> words = List.of(
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "a\\b",
                "a\0b",
                "a b",
                "a%b",
                "a%%b",
                "%",
                "%2E",
                ".a",
                "\u00e4",
                "a\u0308",
                "x".repeat(300),
                "x".repeat(301));
        Set<String> names = new HashSet<>();
        for (String word : words) {
            String name = Homes.name(word);
            assertThat(names.add(name)).as(word).isTrue();
            assertThat(name)
                    .hasSizeBetween(1, 200)
                    .matches("[a-z0-9._+=~!#$^{}%A-F-]+")
                    .doesNotStartWith(".");
            assertThat(root.resolve(name).normalize().getParent()).isEqualTo(root);
        }
    }

    @Test
    void the_format_of_an_account_is_that_of_its_address_then_of_its_domain() {
        String[] others = {"example.org=mbox", " Bob@example.org = other "};
        Choice<String> choice = Choice.of("maildir", others, format -> format);
        assertThat(choice.of(Address.of("alice@EXAMPLE.org"))).isEqualTo("mbox");
        assertThat(choice.of(Address.of("bob@example.org"))).isEqualTo("other");
        assertThat(choice.of(Address.of("bob@example.com"))).isEqualTo("maildir");
        assertThatThrownBy(() -> Choice.of("maildir", new String[] {"mbox"}, format -> format))
                .hasMessageContaining("mbox");
    }
}
