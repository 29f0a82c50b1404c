package org.posthorn.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

class ShadowLedgerTest {

    static {
        System.setProperty("derby.stream.error.file", "target/derby.log");
    }

    private Instant now = Instant.parse("2026-11-22T18:30:00Z");
    private final EmbeddedDataSource derby = new EmbeddedDataSource();
    private ShadowLedger ledger = ledger();

    ShadowLedgerTest() {
        derby.setDatabaseName("memory:" + UUID.randomUUID());
        derby.setCreateDatabase("create");
    }

    private ShadowLedger ledger() {
        return new ShadowLedger(Duration.ofDays(30), 5, new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        });
    }

    @AfterEach
    void drop() {
        ledger.close();
        derby.setCreateDatabase(null);
        derby.setConnectionAttributes("drop=true");
        // Derby answers a successful drop with an exception, 08006; XJ004 when no test opened the database.
        assertThatThrownBy(derby::getConnection)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isIn("08006", "XJ004"));
    }

    private Comparison comparison(Result result, int number) {
        return new Comparison(
                "example@2",
                "example",
                result,
                now,
                MailId.of(number),
                "[192.0.2.7]",
                "<ann@there.test>",
                List.of(Address.of("bob@here.test"), Address.of("carl@here.test")),
                "DATA: pass",
                "550 5.7.1 no " + number,
                Duration.ofNanos(100_000L * number));
    }

    private Object run(String... words) throws Exception {
        ShellCommand compare = new CompareCommand(ledger).commands().get(0);
        Map<String, String> options = new HashMap<>();
        if (words.length > 1) options.put("limit", words[1]);
        return compare.action()
                .run(new CommandLine(words.length == 0 ? List.of() : List.of(words[0]), options, s -> {}));
    }

    private CompareCommand.Summary summary() throws Exception {
        return (CompareCommand.Summary) ((List<?>) run()).get(0);
    }

    @SuppressWarnings("unchecked")
    private List<CompareCommand.Case> cases(String... words) throws Exception {
        return (List<CompareCommand.Case>) run(words);
    }

    @Test
    void what_was_said_is_counted_and_outlives_a_restart() throws Exception {
        ledger.addSource(derby, Map.of());
        for (int i = 1; i <= 90; i++) ledger.add(comparison(Result.AGREED, i));
        ledger.flush();
        for (int i = 91; i <= 100; i++) ledger.add(comparison(Result.AGREED, i));
        ledger.add(comparison(Result.DISAGREED, 101));
        for (Result result : List.of(Result.OPEN, Result.SKIPPED, Result.COUNTED)) ledger.add(comparison(result, 1));
        ledger.close();
        ledger = ledger();
        ledger.addSource(derby, Map.of());
        CompareCommand.Summary summary = summary();
        assertThat(summary.filter()).isEqualTo("example@2");
        assertThat(summary.beside()).isEqualTo("example");
        assertThat(List.of(
                        summary.agreed(),
                        summary.disagreed(),
                        summary.open(),
                        summary.skipped(),
                        summary.failed(),
                        summary.counted()))
                .containsExactly(100L, 1L, 1L, 1L, 0L, 1L);
        assertThat(summary.millisP50()).isBetween(4.8, 6.3);
        assertThat(summary.millisP99()).isBetween(9.9, 12.5);
        assertThat(summary.seconds()).isEqualTo(0.515);
        assertThat(summary.since()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
        assertThat(summary.trouble()).isEqualTo("550 5.7.1 no 1");
        assertThat(cases("example@2"))
                .containsExactly(new CompareCommand.Case(
                        now,
                        MailId.of(101),
                        "[192.0.2.7]",
                        Optional.of("ann@there.test"),
                        List.of(Address.of("bob@here.test"), Address.of("carl@here.test")),
                        "example",
                        "DATA: pass",
                        "550 5.7.1 no 101"));
    }

    @Test
    void of_a_filter_that_was_never_there_there_is_an_error_and_of_one_that_agrees_an_empty_list() throws Exception {
        assertThatThrownBy(() -> cases("other@1"))
                .hasMessage("nothing was compared of other@1, nor of any other filter");
        ledger.add(comparison(Result.AGREED, 1));
        assertThat(cases("example@2")).isEmpty();
        assertThatThrownBy(() -> cases("other@1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nothing was compared of other@1; there are example@2");
    }

    @Test
    void disagreements_and_failures_are_shown_newest_first() throws Exception {
        ledger.addSource(derby, Map.of());
        for (int i = 1; i <= 3; i++) {
            now = now.plusSeconds(1);
            ledger.add(comparison(i == 2 ? Result.FAILED : Result.DISAGREED, i));
        }
        assertThat(cases("example@2"))
                .extracting(CompareCommand.Case::said)
                .containsExactly("550 5.7.1 no 3", "failed: 550 5.7.1 no 2", "550 5.7.1 no 1");
        assertThat(cases("example@2", "1")).hasSize(1);
        assertThatThrownBy(() -> run("example@2", "no")).hasMessageContaining("--limit is a number");
    }

    @Test
    void without_a_database_memory_answers_and_nothing_is_lost_when_one_comes() throws Exception {
        ledger.add(comparison(Result.DISAGREED, 1));
        ledger.flush();
        assertThat(summary().disagreed()).isEqualTo(1);
        assertThat(cases("example@2")).hasSize(1);
        ledger.addSource(derby, Map.of());
        ledger.add(comparison(Result.DISAGREED, 2));
        assertThat(summary().disagreed()).isEqualTo(2);
        assertThat(cases("example@2"))
                .extracting(CompareCommand.Case::mail)
                .containsExactly(MailId.of(2), MailId.of(1));
    }

    @Test
    void memory_is_bounded_while_there_is_no_database() throws Exception {
        for (int i = 0; i < 50_000; i++) {
            ledger.add(comparison(Result.DISAGREED, i));
            if (i % 100 == 0) ledger.flush();
        }
        assertThat(cases("example@2", "10000"))
                .hasSize(2000)
                .first()
                .extracting(CompareCommand.Case::mail)
                .isEqualTo(MailId.of(49_999));
        assertThat(summary().disagreed()).isEqualTo(50_000);
    }

    @Test
    void a_database_that_fails_for_a_while_loses_nothing() throws Exception {
        boolean[] broken = {true};
        ledger.addSource(
                (javax.sql.DataSource) java.lang.reflect.Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {javax.sql.DataSource.class}, (p, method, args) -> {
                            if (method.getName().equals("equals")) return p == args[0];
                            if (broken[0]) throw new SQLException("no connection");
                            return derby.getConnection();
                        }),
                Map.of());
        ledger.add(comparison(Result.DISAGREED, 1));
        ledger.flush();
        ledger.flush();
        broken[0] = false;
        assertThat(summary().disagreed()).isEqualTo(1);
        assertThat(cases("example@2")).hasSize(1);
    }

    @Test
    void what_is_old_and_what_is_too_much_goes() throws Exception {
        ledger.addSource(derby, Map.of());
        for (int i = 1; i <= 8; i++) {
            now = now.plusSeconds(1);
            ledger.add(comparison(Result.DISAGREED, i));
        }
        ledger.flush();
        now = now.plus(Duration.ofHours(2));
        ledger.add(comparison(Result.DISAGREED, 9));
        assertThat(cases("example@2"))
                .extracting(CompareCommand.Case::mail)
                .containsExactly(MailId.of(9), MailId.of(8), MailId.of(7), MailId.of(6), MailId.of(5));
        now = now.plus(Duration.ofDays(31));
        ledger.add(comparison(Result.AGREED, 10));
        assertThat(cases("example@2")).isEmpty();
        assertThat(summary().disagreed()).isZero();
    }

    @Test
    void long_texts_are_cut_and_odd_ones_kept() throws Exception {
        ledger.addSource(derby, Map.of());
        Comparison odd = comparison(Result.DISAGREED, 1);
        ledger.add(new Comparison(
                odd.filter(),
                odd.beside(),
                odd.result(),
                now,
                odd.mail(),
                odd.client(),
                "<" + "ü".repeat(2000) + "@there.test>",
                List.of(),
                "it's; DROP TABLE shadow_case",
                "x".repeat(5000),
                Duration.ofDays(1)));
        CompareCommand.Case kept = cases("example@2").get(0);
        assertThat(kept.counted()).isEqualTo("it's; DROP TABLE shadow_case");
        assertThat(kept.said()).hasSize(1000);
        assertThat(kept.recipients()).isEmpty();
    }
}
