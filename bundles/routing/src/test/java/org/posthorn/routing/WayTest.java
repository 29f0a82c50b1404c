package org.posthorn.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.routing.Route;
import org.posthorn.api.users.UserDirectory;

class WayTest {

    private static final Settings PLAIN =
            new Settings("example.test", Optional.empty(), Map.of(), "+", Optional.empty(), List.of());

    private final FakeDirectory directory = new FakeDirectory()
            .domain("example.test")
            .domain("other.test")
            .domain("all.test")
            .domain("xn--mller-kva.test")
            .domain("bär.test")
            .user("info@bär.test")
            .user("alice@example.test")
            .user("bob@example.test")
            .user("abuse@other.test")
            .user("jörg@xn--mller-kva.test")
            .alias("sales@example.test", "alice@example.test", "bob@elsewhere.example")
            .alias("list+all@example.test", "bob@example.test")
            .alias("list@example.test", "alice@example.test")
            .alias("bob@example.test", "bob@example.test", "archive@elsewhere.example")
            .alias("self@example.test", "self@example.test")
            .alias("@all.test", "alice@example.test");

    @ParameterizedTest
    @CsvSource({
        "alice@example.test,           local alice@example.test ours",
        "Alice@Example.TEST,           local alice@example.test ours",
        "alice+news@example.test,      local alice@example.test ours",
        "sales@example.test,           alias alice@example.test bob@elsewhere.example",
        "sales+x@example.test,         alias alice@example.test bob@elsewhere.example",
        "list+all@example.test,        alias bob@example.test",
        "bob@example.test,             alias archive@elsewhere.example + local bob@example.test ours",
        "bob+x@example.test,           alias archive@elsewhere.example + local bob@example.test ours",
        "nobody@example.test,          550 5.1.1",
        "+x@example.test,              550 5.1.1",
        "anybody@all.test,             alias alice@example.test",
        "postmaster,                   local postmaster@example.test ours",
        "PostMaster@example.test,      local postmaster@example.test ours",
        "postmaster@other.test,        alias postmaster@example.test",
        "abuse@example.test,           alias postmaster@example.test",
        "abuse@other.test,             local abuse@other.test ours",
        "postmaster@all.test,          alias postmaster@example.test",
        "alice@[127.0.0.1],            local alice@example.test ours",
        "x@[192.0.2.1],                smtp [192.0.2.1]:25",
        "x@[IPv6:2001:db8::1],         smtp [2001:db8:0:0:0:0:0:1]:25",
        "x@[nonsense],                 550 5.1.2",
        "x@[999.1.1.1],                550 5.1.2",
        "x@elsewhere.example,          smtp elsewhere.example",
        "x@Bücher.example,             smtp xn--bcher-kva.example",
        "jörg@müller.test,             local jörg@xn--mller-kva.test ours",
        "info@xn--br-via.test,         local info@bär.test ours",
        "info@BÄR.test,                local info@bär.test ours"
    })
    void each_address_has_its_way(String address, String way) throws IOException {
        assertThat(way(PLAIN, address)).startsWith(way);
    }

    @Test
    void the_relay_map_comes_before_the_smarthost_and_its_domains_are_ours() throws IOException {
        Settings settings = new Settings(
                "example.test",
                Optional.of("[smart.example]:587;tls=must"),
                Map.of("relayed.example", "[10.0.0.1]:25", ".sub.example", "mx.example"),
                "+",
                Optional.empty(),
                List.of());
        assertThat(way(settings, "x@relayed.example")).isEqualTo("smtp [10.0.0.1]:25 ours");
        assertThat(way(settings, "x@a.sub.example")).isEqualTo("smtp mx.example ours");
        assertThat(way(settings, "x@sub.example")).isEqualTo("smtp [smart.example]:587;tls=must");
        assertThat(way(settings, "x@[192.0.2.1]")).isEqualTo("smtp [smart.example]:587;tls=must");
        assertThat(way(settings, "nobody@example.test")).startsWith("550 5.1.1");
    }

    @Test
    void postmaster_and_abuse_go_where_the_setting_says_but_not_in_a_circle() throws IOException {
        Optional<Address> root = Optional.of(Address.of("root@elsewhere.example"));
        Settings settings = new Settings("example.test", Optional.empty(), Map.of(), "+", root, List.of());
        assertThat(way(settings, "postmaster")).isEqualTo("alias root@elsewhere.example");
        assertThat(way(settings, "abuse@all.test")).isEqualTo("alias root@elsewhere.example");
        Optional<Address> itself = Optional.of(Address.of("postmaster@example.test"));
        Settings circle = new Settings("example.test", Optional.empty(), Map.of(), "+", itself, List.of());
        assertThat(way(circle, "postmaster")).isEqualTo("local postmaster@example.test ours");
    }

    @Test
    void the_bare_postmaster_exists_even_without_a_default_domain() throws IOException {
        Settings settings = new Settings("unset.test", Optional.empty(), Map.of(), "+", Optional.empty(), List.of());
        assertThat(way(settings, "postmaster")).isEqualTo("local postmaster@unset.test ours");
        assertThat(way(settings, "postmaster@other.test")).isEqualTo("local postmaster@other.test ours");
    }

    @Test
    void without_a_separator_there_is_no_detail() throws IOException {
        Settings settings = new Settings("example.test", Optional.empty(), Map.of(), "", Optional.empty(), List.of());
        assertThat(way(settings, "alice+news@example.test")).startsWith("550 5.1.1");
    }

    @Test
    void what_one_directory_does_not_know_the_next_may() throws IOException {
        FakeDirectory second = new FakeDirectory().domain("second.test").user("carol@example.test");
        Directories both = new Directories(List.of(directory, second));
        Way way = new Way(PLAIN, both, InetAddress::isLoopbackAddress);
        assertThat(text(way.of(Address.of("carol@example.test")))).isEqualTo("local carol@example.test ours");
        assertThat(text(way.of(Address.of("x@second.test")))).startsWith("550 5.1.1");
    }

    @Test
    void what_one_directory_cannot_tell_another_may() throws IOException {
        FakeDirectory broken = new FakeDirectory().broken();
        List<UserDirectory> both = List.of(broken, directory);
        Way way = new Way(PLAIN, new Directories(both), InetAddress::isLoopbackAddress);
        assertThat(text(way.of(Address.of("alice@example.test")))).isEqualTo("local alice@example.test ours");
        for (String address : List.of("x@elsewhere.test", "nobody@example.test", "abuse@example.test"))
            assertThatThrownBy(() -> way.of(Address.of(address))).as(address).hasMessage("the database is away");
    }

    @Test
    void a_broken_directory_is_breakage_and_not_an_unknown_user() {
        FakeDirectory broken = new FakeDirectory().broken();
        Directories all = new Directories(List.of(broken));
        Way way = new Way(PLAIN, all, InetAddress::isLoopbackAddress);
        assertThatThrownBy(() -> way.of(Address.of("alice@example.test"))).isInstanceOf(IOException.class);
    }

    private String way(Settings settings, String address) throws IOException {
        Directories one = new Directories(List.of(directory));
        return text(new Way(settings, one, InetAddress::isLoopbackAddress).of(Address.of(address)));
    }

    static String text(Route route) {
        if (route instanceof Route.Alias alias) {
            String targets = String.join(
                    " ", alias.targets().stream().map(Address::toString).toList());
            return "alias " + targets + alias.own().map(v -> " + " + text(v)).orElse("");
        }
        if (route instanceof Route.Via via) return via.transport() + " " + via.nextHop() + (via.ours() ? " ours" : "");
        return ((Route.Refuse) route).reply().toString();
    }
}
