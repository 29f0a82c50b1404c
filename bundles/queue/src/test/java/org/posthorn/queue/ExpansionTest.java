package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.routing.Route;

@Timeout(60)
class ExpansionTest {

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aliases_are_followed_to_their_ends_each_once() {
        bench.alias("sales@a.test", "bob@a.test", "team@a.test");
        bench.alias("team@a.test", "bob@a.test", "carol@b.test");
        assertThat(ends("sales@a.test", "bob@a.test", "bob@A.test")).containsExactly("0 bob@a.test", "0 carol@b.test");
    }

    @Test
    void the_case_of_a_local_part_counts_unless_it_is_that_of_an_account_here() {
        assertThat(ends("bob@a.test", "Bob@a.test")).containsExactly("0 bob@a.test", "1 Bob@a.test");
        Route.Via account = new Route.Via("fake", "bob@here.test", true);
        bench.routes.put("bob@here.test", account);
        bench.routes.put("Bob@here.test", account);
        assertThat(ends("bob@here.test", "Bob@here.test")).containsExactly("0 bob@here.test");
        Ways ways = Expansion.of(
                targets("Bob@here.test", "Bob@a.test"),
                bench.parts.routers(),
                Set.of(Address.of("bob@here.test"), Address.of("bob@a.test")));
        assertThat(text(ways)).containsExactly("1 Bob@a.test");
    }

    @Test
    void a_circle_fails_for_each_that_leads_into_it_unless_there_is_a_way_out() {
        bench.alias("a@a.test", "b@a.test");
        bench.alias("b@a.test", "a@a.test");
        bench.alias("out@a.test", "a@a.test", "bob@a.test");
        Ways ways = ways(targets("a@a.test", "b@a.test", "out@a.test"));
        assertThat(text(ways)).containsExactly("0 a@a.test 554 5.4.6", "1 b@a.test 554 5.4.6", "2 bob@a.test");
    }

    @Test
    void who_leads_out_of_a_circle_by_another_in_it_does_not_fail() {
        bench.alias("p@a.test", "q@b.test", "bob@a.test");
        bench.alias("q@b.test", "p@a.test");
        assertThat(ends("p@a.test", "q@b.test")).containsExactly("0 bob@a.test");
        assertThat(ends("q@b.test", "p@a.test")).containsExactly("0 bob@a.test");
    }

    @Test
    void an_alias_of_itself_through_two_domains_fails() {
        bench.alias("a@one.test", "a@two.test");
        bench.alias("a@two.test", "A@one.test");
        bench.alias("A@one.test", "a@two.test");
        assertThat(text(ways(targets("a@one.test")))).containsExactly("0 a@one.test 554 5.4.6");
    }

    @Test
    void a_chain_too_long_fails_and_a_dense_web_of_aliases_ends_soon() {
        for (int i = 0; i < 30; i++) bench.alias("c" + i + "@a.test", "c" + (i + 1) + "@a.test");
        assertThat(text(ways(targets("c0@a.test")))).containsExactly("0 c10@a.test 554 5.4.6");
        String[] all = new String[60];
        for (int i = 0; i < 60; i++) all[i] = "w" + i + "@a.test";
        for (String each : all) bench.alias(each, all);
        assertThat(text(ways(targets("w0@a.test")))).allMatch(t -> t.endsWith("554 5.4.6"));
    }

    @Test
    void who_keeps_a_copy_gets_it_and_is_not_asked_again_when_it_waits() {
        Route.Via own = new Route.Via("fake", "shelf", true);
        bench.routes.put("bob@a.test", new Route.Alias(List.of(Address.of("archive@b.test")), Optional.of(own)));
        assertThat(ends("bob@a.test")).containsExactly("0 archive@b.test", "0 bob@a.test");
        Target waiting = new Target(0, new Recipient(Address.of("bob@a.test")), true, 1);
        assertThat(text(ways(List.of(waiting)))).containsExactly("0 bob@a.test");
    }

    @Test
    void wishes_go_with_the_alias_and_the_address_that_was_written_is_remembered() {
        bench.alias("sa+les@a.test", "bob@a.test");
        Recipient sales = new Recipient(Address.of("sa+les@a.test"), Set.of(Notify.SUCCESS), Optional.empty());
        Target end = ways(List.of(new Target(0, sales, false, 0))).targets().get(0);
        assertThat(end.recipient())
                .isEqualTo(new Recipient(
                        Address.of("bob@a.test"), Set.of(Notify.SUCCESS), Optional.of("rfc822;sa+2Bles@a.test")));
        assertThat(end.routed()).isTrue();
    }

    @Test
    void a_place_with_one_end_is_its_own_in_the_journal_and_one_with_several_is_not() {
        bench.alias("one@a.test", "bob@a.test");
        bench.alias("two@a.test", "carol@a.test", "dave@a.test");
        Mail mail = Bench.mail(1, "one@a.test", "two@a.test", "bob@a.test");
        Attempt attempt = Attempt.first(mail, Set.of(0, 1, 2), Set.of());
        Ways ways = ways(attempt.targets());
        attempt.begin(ways);
        List<Recipient> seen = attempt.seen(ways).envelope().recipients();
        assertThat(seen)
                .extracting(r -> r.address().toString())
                .containsExactly("bob@a.test", "two@a.test", "bob@a.test");
        for (Target target : ways.targets())
            assertThat(attempt.alone(target)).isEqualTo(seen.indexOf(target.recipient()) == target.place());
        assertThat(ways.targets()).hasSize(3);
    }

    @Test
    void who_keeps_a_copy_is_not_alone_at_his_place() {
        Route.Via own = new Route.Via("fake", "shelf", true);
        bench.routes.put("bob@a.test", new Route.Alias(List.of(Address.of("archive@b.test")), Optional.of(own)));
        Attempt attempt = Attempt.first(Bench.mail(1, "bob@a.test"), Set.of(0), Set.of());
        Ways ways = ways(attempt.targets());
        attempt.begin(ways);
        List<Recipient> seen = attempt.seen(ways).envelope().recipients();
        assertThat(ways.targets()).hasSize(2).noneMatch(attempt::alone).noneMatch(t -> seen.contains(t.recipient()));
    }

    @Test
    void an_address_that_waits_already_is_left_out() {
        Ways ways = Expansion.of(
                targets("bob@a.test", "carol@a.test"), bench.parts.routers(), Set.of(Address.of("bob@a.test")));
        assertThat(text(ways)).containsExactly("1 carol@a.test");
    }

    private Set<String> ends(String... addresses) {
        return text(ways(targets(addresses)));
    }

    private static List<Target> targets(String... addresses) {
        return Attempt.first(
                        Bench.mail(1, addresses),
                        java.util.stream.IntStream.range(0, addresses.length)
                                .boxed()
                                .collect(java.util.stream.Collectors.toSet()),
                        Set.of())
                .targets();
    }

    private Ways ways(List<Target> targets) {
        return Expansion.of(targets, bench.parts.routers(), Set.of());
    }

    private static Set<String> text(Ways ways) {
        Set<String> text = new TreeSet<>();
        ways.open().values().forEach(all -> all.forEach(t -> text.add(name(t))));
        ways.ended()
                .forEach((t, outcome) ->
                        text.add(name(t) + " " + Result.reply(outcome).code() + " "
                                + Result.reply(outcome).enhanced()));
        return text;
    }

    private static String name(Target target) {
        return target.place() + " " + target.recipient().address();
    }
}
