package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.shell.CommandLine;

/** Filters in the shadow that count for a share of the mail. */
class PromotionTest {

    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";
    private static final Settings SETTINGS = new Settings(
            List.of("f0"),
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            8,
            20,
            List.of("f0@2", "other@1"),
            2,
            2);

    @TempDir
    Path folder;

    private final List<Comparison> heard = new java.util.concurrent.CopyOnWriteArrayList<>();

    private interface OnMessage {
        Verdict on(Mail mail) throws IOException;
    }

    private static MailFilter filter(OnMessage message) {
        return new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                return message.on(mail);
            }
        };
    }

    private Promotions promotions() {
        return new Promotions(Optional.of(new PromotionFile(folder.resolve("intake/promotions"))), Clock.systemUTC());
    }

    private static Optional<Address> sender(int number) {
        return Optional.of(Address.of("s" + number + "@there.test"));
    }

    @Test
    void it_counts_for_its_share_and_the_same_sender_meets_the_same_filters() throws IOException {
        Promotions promotions = promotions();
        assertThat(promotions.chain(SETTINGS, World.origin(), sender(1), n -> true))
                .containsExactly("f0");
        for (int percent : new int[] {1, 10, 50}) {
            promotions.promote("f0@2", percent * 100);
            Set<Integer> drawn = new HashSet<>();
            for (int i = 0; i < 20_000; i++) {
                List<String> chain = promotions.chain(SETTINGS, World.origin(), sender(i), n -> true);
                if (chain.equals(List.of("f0@2"))) drawn.add(i);
                else assertThat(chain).containsExactly("f0");
            }
            assertThat(drawn.size() / 200.0).isBetween(percent * 0.7, percent * 1.3);
            for (int i : drawn)
                assertThat(promotions.chain(SETTINGS, World.origin(), sender(i), n -> true))
                        .containsExactly("f0@2");
        }
        promotions.promote("f0@2", 10_000);
        for (int i = 0; i < 100; i++)
            assertThat(promotions.chain(SETTINGS, World.origin(), sender(i), n -> true))
                    .containsExactly("f0@2");
    }

    @Test
    void a_new_filter_stands_behind_the_chain_and_one_that_is_not_able_does_not_count() throws IOException {
        Promotions promotions = promotions();
        promotions.promote("other@1", 10_000);
        promotions.promote("f0@2", 10_000);
        assertThat(promotions.chain(SETTINGS, World.origin(), sender(1), n -> true))
                .containsExactly("f0@2", "other@1");
        assertThat(promotions.chain(SETTINGS, World.origin(), sender(1), n -> !n.equals("f0@2")))
                .containsExactly("f0", "other@1");
        assertThat(promotions.chain(
                        World.settings(Duration.ofSeconds(1), List.of("f0")), World.origin(), sender(1), n -> true))
                .as("what is not in the shadow any more")
                .containsExactly("f0");
    }

    @Test
    void it_outlives_a_restart_and_so_does_a_fall_back() throws IOException {
        promotions().promote("f0@2", 1000);
        assertThat(promotions().of("f0@2")).contains(new Promotion("f0@2", 1000, ""));
        Promotions promotions = promotions();
        promotions.failed("f0@2", 2);
        assertThat(promotions.of("f0@2").orElseThrow().share()).isEqualTo(1000);
        promotions.failed("f0@2", 2);
        Promotion fallen = promotions().of("f0@2").orElseThrow();
        assertThat(fallen.share()).isZero();
        assertThat(fallen.why()).startsWith("failed 2 times within an hour");
        assertThat(promotions().demote("f0@2")).isFalse();
        assertThat(promotions().of("f0@2")).isEmpty();
    }

    @Test
    void a_damaged_file_promotes_nobody() throws IOException {
        Files.createDirectories(folder.resolve("intake"));
        Files.writeString(folder.resolve("intake/promotions"), "f0@2\tten\n");
        assertThat(promotions().of("f0@2")).isEmpty();
    }

    private World world(MailFilter counts, MailFilter beside) {
        World world = new World(SETTINGS, counts);
        world.intake.parts().filters().add(beside, Map.of("name", "f0"), new Home("2", true));
        world.intake.addComparisons(heard::add);
        return world;
    }

    private static Object run(World world, String command, String name, Map<String, String> options) throws Exception {
        CommandLine line = new CommandLine(List.of(name), options, s -> {});
        return new PromotionCommands(world.intake)
                .commands().stream()
                        .filter(c -> c.name().equals(command))
                        .findFirst()
                        .orElseThrow()
                        .action()
                        .run(line);
    }

    private static String shadow(World world) {
        return new FilterCommands(world.intake)
                .list().stream()
                        .filter(f -> f.name().equals("f0@2"))
                        .findFirst()
                        .orElseThrow()
                        .shadow();
    }

    @Test
    void promoted_its_word_counts_and_demoted_it_does_not() throws Exception {
        try (World world = world(filter(m -> Verdict.PASS), filter(m -> Verdict.refuse("new")))) {
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            assertThat(run(world, "promote", "f0@2", Map.of("share", "100%")).toString())
                    .contains("counts for 100 % of the mail")
                    .contains("filters = f0@2");
            assertThat(world.send(MAIL).text()).isEqualTo("new");
            // Others in the shadow speak whenever they come to it; who counts is told of before the answer.
            assertThat(heard)
                    .filteredOn(c -> c.filter().equals("f0@2") && c.result() == Comparison.Result.COUNTED)
                    .hasSize(1);
            assertThat(shadow(world)).isEqualTo("shadow, counts for 100 %");
            run(world, "demote", "f0@2", Map.of());
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            assertThat(shadow(world)).isEqualTo("shadow");
        }
    }

    @Test
    void it_falls_back_by_itself_when_it_fails_too_often_and_no_mail_passes_without_a_verdict() throws Exception {
        try (World world = world(filter(m -> Verdict.PASS), filter(m -> {
            throw new IllegalStateException("broken");
        }))) {
            run(world, "promote", "f0@2", Map.of("share", "100 %"));
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            assertThat(shadow(world)).startsWith("shadow, fell back: failed 2 times within an hour");
            assertThat(heard)
                    .filteredOn(c -> c.filter().equals("f0@2") && c.result() == Comparison.Result.FAILED)
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void one_that_is_not_there_is_no_reason_to_refuse_mail() throws Exception {
        MailFilter beside = filter(m -> Verdict.refuse("new"));
        try (World world = world(filter(m -> Verdict.PASS), beside)) {
            run(world, "promote", "f0@2", Map.of("share", "100"));
            world.intake.removeFilter(beside, Map.of("name", "f0"));
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    @Test
    void what_cannot_be_promoted_is_said() {
        try (World world = world(filter(m -> Verdict.PASS), filter(m -> Verdict.PASS))) {
            assertThatThrownBy(() -> run(world, "promote", "f0", Map.of()))
                    .hasMessageContaining("is not in the shadow");
            assertThatThrownBy(() -> run(world, "promote", "other@1", Map.of()))
                    .hasMessageContaining("is not there")
                    .hasMessageContaining("f0@2");
            List<String> bad = new ArrayList<>(List.of("0%", "101%", "much", "-1", "NaN"));
            for (String share : bad)
                assertThatThrownBy(() -> run(world, "promote", "f0@2", Map.of("share", share)))
                        .hasMessageContaining("is no share of the mail");
        }
    }
}
