package org.posthorn.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.mime.StoredMessage;

/** Stories in a real database. */
@Timeout(60)
class ChronicleTest {

    static {
        System.setProperty("derby.stream.error.file", "target/derby.log");
    }

    private final EmbeddedDataSource derby = derby();
    private Chronicle chronicle = open(derby);

    private static EmbeddedDataSource derby() {
        EmbeddedDataSource source = new EmbeddedDataSource();
        source.setDatabaseName("memory:" + UUID.randomUUID());
        source.setCreateDatabase("create");
        return source;
    }

    private static Chronicle open(DataSource source) {
        return open(source, new Scribe.Bounds(30, 100_000), Clock.systemUTC());
    }

    private static Chronicle open(DataSource source, Scribe.Bounds bounds, Clock clock) {
        Chronicle chronicle = new Chronicle(bounds, clock);
        chronicle.addSource(source, Map.of());
        return chronicle;
    }

    @AfterEach
    void drop() {
        chronicle.stop();
        derby.setCreateDatabase(null);
        derby.setConnectionAttributes("drop=true");
        // Derby answers a successful drop with an exception, 08006; XJ004 when no test opened the database.
        assertThatThrownBy(derby::getConnection)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isIn("08006", "XJ004"));
    }

    private List<Told> find(String word) throws InterruptedException {
        return chronicle.find(word, 10).stories();
    }

    private MailId mail(Address sender, Address... recipients) {
        MailId id = MailId.next();
        chronicle.tell(Events.begun(id, sender));
        for (Address recipient : recipients) chronicle.tell(Events.taken(id, recipient));
        chronicle.tell(Events.content(id, "<" + id + "@x.test>"));
        chronicle.tell(Events.accepted(id));
        return id;
    }

    private long count(String table) throws SQLException {
        try (Connection c = derby.getConnection();
                Statement statement = c.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void what_was_told_a_moment_ago_is_found_at_once_by_all_that_people_have_in_hand() throws Exception {
        MailId id = mail(Events.ANN, Events.BOB, Address.of("carol@two.test"));
        for (String word : List.of(
                id.text(),
                id.text().toLowerCase(java.util.Locale.ROOT),
                "<" + id + "@x.test>",
                id + "@x.test",
                "ann@one.test",
                "<bob@two.test>",
                "CAROL@two.test"))
            assertThat(find(word)).as(word).singleElement().satisfies(told -> {
                assertThat(told.id()).isEqualTo(id);
                assertThat(told.events()).hasSize(5);
            });
        assertThat(find("eve@two.test")).isEmpty();
        assertThat(find(MailId.next().text())).isEmpty();
    }

    @Test
    void a_mail_is_one_row_however_its_story_goes_on() throws Exception {
        MailId id = mail(Events.ANN, Events.BOB);
        find(id.text());
        chronicle.tell(Events.attempted(id, Events.BOB, MailEvent.Result.DEFERRED, Events.LATER));
        find(id.text());
        chronicle.tell(Events.waiting(id));
        assertThat(find("bob@two.test")).singleElement().satisfies(told -> assertThat(told.events())
                .hasSize(6));
        assertThat(count("mail_story")).isEqualTo(1);
        assertThat(count("mail_story_key")).isZero();
    }

    @Test
    void stories_outlive_the_process_and_go_on_in_the_next() throws Exception {
        MailId id = mail(Events.ANN, Events.BOB);
        chronicle.stop();
        chronicle = open(derby);
        chronicle.tell(Events.attempted(id, Events.BOB, MailEvent.Result.RELAYED, Events.OK));
        chronicle.tell(Events.routed(id, Address.of("dan@two.test"), Events.BOB));
        assertThat(find("dan@two.test")).singleElement().satisfies(told -> assertThat(told.events())
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly("Begun", "Answered", "Content", "Accepted", "Attempted", "Routed"));
        assertThat(find("ann@one.test")).hasSize(1);
        assertThat(count("mail_story")).isEqualTo(1);
    }

    @Test
    void many_mails_share_a_commit() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        chronicle.stop();
        chronicle = open(counting(derby, commits));
        find("nobody@one.test");
        int before = commits.get();
        for (int i = 0; i < 3_000; i++) mail(Events.ANN, Events.BOB);
        assertThat(chronicle.find("bob@two.test", 5_000).stories()).hasSize(3_000);
        // 500 rows each, those of a moment at once, and the reading.
        assertThat(commits.get() - before).isLessThan(60);
        assertThat(count("mail_story")).isEqualTo(3_000);
    }

    private static DataSource counting(DataSource source, AtomicInteger commits) {
        return proxy(
                DataSource.class,
                (method, result) -> {
                    if (!method.equals("getConnection")) return result;
                    return proxy(Connection.class, result, m -> {
                        if (m.equals("commit")) commits.incrementAndGet();
                    });
                },
                source);
    }

    private interface After {
        Object with(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, After after, Object target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, arguments) -> {
                    try {
                        return after.with(method.getName(), method.invoke(target, arguments));
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static Object proxy(Class<?> type, Object target, java.util.function.Consumer<String> before) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, arguments) -> {
            before.accept(method.getName());
            try {
                return method.invoke(target, arguments);
            } catch (java.lang.reflect.InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void the_newest_of_an_address_come_first_and_no_more_than_asked_for() throws Exception {
        for (int i = 0; i < 20; i++) mail(Events.ANN, Events.BOB);
        MailId last = mail(Events.ANN, Address.of("x@two.test"), Events.BOB);
        List<Told> found = chronicle.find("bob@two.test", 5).stories();
        assertThat(found).hasSize(5);
        assertThat(found.get(0).id()).isEqualTo(last);
        assertThat(found).isSortedAccordingTo((a, b) -> b.id().compareTo(a.id()));
    }

    @Test
    void while_the_database_is_away_memory_answers_and_later_all_is_written() throws Exception {
        chronicle.stop();
        chronicle = new Chronicle(new Scribe.Bounds(30, 100_000), Clock.systemUTC());
        DataSource[] there = {null};
        DataSource broken = proxy(DataSource.class, (method, result) -> result, derby);
        DataSource coming = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (p, method, arguments) -> {
                    if (there[0] == null) throw new SQLException("the disk is full");
                    return method.invoke(there[0], arguments);
                });
        chronicle.addSource(coming, Map.of());
        MailId id = mail(Events.ANN, Events.BOB);
        Lookup.Found found = chronicle.find("bob@two.test", 10);
        assertThat(found.away()).contains("the disk is full");
        assertThat(found.stories()).singleElement().satisfies(told -> assertThat(told.id())
                .isEqualTo(id));
        there[0] = broken;
        assertThat(chronicle.find(id.text(), 10).away()).isEmpty();
        assertThat(count("mail_story")).isEqualTo(1);
    }

    @Test
    void what_is_too_old_goes_with_its_keys() throws Exception {
        mail(Events.ANN, Events.BOB, Address.of("carol@two.test"));
        chronicle.stop();
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(31));
        chronicle = open(derby, new Scribe.Bounds(30, 100_000), later);
        while (count("mail_story") > 0) find("ann@one.test");
        assertThat(count("mail_story_key")).isZero();
    }

    @Test
    void there_are_no_more_stories_than_are_wanted_and_the_oldest_go() throws Exception {
        chronicle.stop();
        chronicle = open(derby, new Scribe.Bounds(30, 1_000), Clock.systemUTC());
        MailId first = mail(Events.ANN, Events.BOB);
        MailId last = first;
        for (int i = 0; i < 1_500; i++) last = mail(Events.ANN, Events.BOB);
        find("ann@one.test");
        while (count("mail_story") > 1_000) find("ann@one.test");
        assertThat(find(first.text())).isEmpty();
        assertThat(find(last.text())).hasSize(1);
    }

    @Test
    void one_story_that_the_database_does_not_take_costs_itself_alone() throws Exception {
        find("ann@one.test");
        // Behind its first answer it counts the rows, and Derby's ALTER TABLE waits for whoever compiles a statement
        // about them.
        chronicle.stop();
        try (Connection c = derby.getConnection();
                Statement statement = c.createStatement()) {
            statement.execute("ALTER TABLE mail_story ADD CONSTRAINT picky CHECK (content NOT LIKE '%poison%')");
        }
        chronicle = open(derby);
        MailId good = mail(Events.ANN, Events.BOB);
        mail(Events.ANN, Address.of("poison@two.test"));
        MailId also = mail(Events.ANN, Events.BOB);
        assertThat(find("bob@two.test")).extracting(Told::id).containsExactly(also, good);
        assertThat(find("poison@two.test")).isEmpty();
    }

    @Test
    void tables_of_a_newer_format_are_left_alone() throws Exception {
        find("ann@one.test");
        chronicle.stop();
        try (Connection c = derby.getConnection();
                Statement statement = c.createStatement()) {
            statement.execute("UPDATE mail_story_format SET version = 2");
        }
        chronicle = open(derby);
        assertThat(chronicle.find("ann@one.test", 1).away()).contains("made by a newer Posthorn");
    }

    @Test
    void an_address_with_many_mails_is_found_by_an_index() throws Exception {
        mail(Events.ANN, Events.BOB);
        find("ann@one.test");
        try (Connection c = derby.getConnection();
                Statement statement = c.createStatement()) {
            statement.execute("CALL SYSCS_UTIL.SYSCS_SET_RUNTIMESTATISTICS(1)");
            statement
                    .executeQuery(
                            "SELECT story_id FROM mail_story WHERE sender_key = 5 ORDER BY sender_key, story_id DESC")
                    .close();
            ResultSet plan = statement.executeQuery("VALUES SYSCS_UTIL.SYSCS_GET_RUNTIMESTATISTICS()");
            plan.next();
            assertThat(plan.getString(1)).contains("MAIL_STORY_SENDER").doesNotContain("Sort ResultSet");
        }
    }

    private static Pending left(MailId id, boolean powerLost, ShelfNote... notes) {
        Envelope envelope =
                new Envelope(Optional.of(Events.ANN), MailParameters.NONE, List.of(new Recipient(Events.BOB)));
        Message message = StoredMessage.of("Message-ID: <" + id + "@x.test>\r\n\r\n");
        Mail mail = new Mail(id, Events.at(id, 0), Events.origin(), envelope, message, false);
        return new Pending(mail, Set.of(), List.of(notes), powerLost);
    }

    private static ShelfNote lying(long uid) {
        return new ShelfNote.Shelved(0, Events.BOB.toString(), "INBOX", 1, uid, "key", 100);
    }

    @Test
    void what_the_last_process_had_no_time_to_tell_is_told_by_the_journal() throws Exception {
        MailId id = MailId.next();
        chronicle.complete(List.of(left(id, false, lying(7))));
        for (String word : List.of(id.text(), "<" + id + "@x.test>", "ann@one.test", "bob@two.test"))
            assertThat(find(word)).as(word).singleElement().satisfies(told -> {
                assertThat(told.events())
                        .extracting(e -> e.getClass().getSimpleName())
                        .containsExactly("Begun", "Answered", "Content", "Accepted", "Shelved");
                assertThat(Fates.of(told, new Words(ZoneOffset.UTC)))
                        .extracting(Fate::state)
                        .containsExactly(Fate.State.SHELVED);
            });
        chronicle.complete(List.of(left(id, false, lying(7))));
        assertThat(find(id.text()).get(0).events()).hasSize(5);
    }

    @Test
    void of_a_story_that_was_told_in_part_only_the_rest_is_added() throws Exception {
        MailId id = mail(Events.ANN, Events.BOB);
        find(id.text());
        chronicle.stop();
        chronicle = open(derby);
        chronicle.complete(List.of(left(id, false, lying(7))));
        assertThat(find(id.text()).get(0).events()).hasSize(5).last().isInstanceOf(MailEvent.Shelved.class);
        assertThat(count("mail_story")).isEqualTo(1);
    }

    @Test
    void the_beginning_comes_before_what_the_queue_told_meanwhile() throws Exception {
        MailId id = MailId.next();
        chronicle.tell(Events.routed(id, Events.BOB));
        chronicle.complete(List.of(left(id, false)));
        chronicle.tell(Events.attempted(id, Events.BOB, MailEvent.Result.DEFERRED, Events.LATER));
        assertThat(find("bob@two.test").get(0).events())
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly("Begun", "Answered", "Content", "Accepted", "Routed", "Attempted");
        assertThat(count("mail_story")).isEqualTo(1);
    }

    private static Spool leaving(AtomicInteger asked, Pending... left) {
        Class<?>[] type = {Spool.class};
        return (Spool) Proxy.newProxyInstance(
                Spool.class.getClassLoader(), type, (p, method, arguments) -> switch (method.getName()) {
                    case "left" -> asked.getAndIncrement() == 0 ? List.of(left) : List.of();
                    case "equals" -> p == arguments[0];
                    case "hashCode" -> 1;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void what_is_handed_out_once_is_asked_for_when_the_database_is_there() throws Exception {
        chronicle.stop();
        chronicle = new Chronicle(new Scribe.Bounds(30, 100_000), Clock.systemUTC());
        MailId id = MailId.next();
        AtomicInteger asked = new AtomicInteger();
        chronicle.addSpool(leaving(asked, left(id, false, lying(7))), Map.of());
        chronicle.complete();
        assertThat(asked).hasValue(0);
        chronicle.addSource(derby, Map.of());
        while (find(id.text()).isEmpty()) Thread.onSpinWait();
        assertThat(find(id.text()).get(0).events()).hasSize(5);
    }

    @Test
    void a_mail_of_which_the_journal_tells_nonsense_costs_its_own_story_alone() throws Exception {
        MailId odd = MailId.next();
        MailId good = MailId.next();
        ShelfNote nobody = new ShelfNote.Shelved(5, Events.BOB.toString(), "INBOX", 1, 7, "key", 100);
        chronicle.complete(List.of(left(odd, false, nobody), left(good, false, lying(8))));
        assertThat(find("bob@two.test")).extracting(Told::id).containsExactly(good);
    }

    @Test
    void after_a_power_failure_nothing_is_told_of_a_shelf() throws Exception {
        MailId id = MailId.next();
        chronicle.complete(List.of(left(id, true, lying(7))));
        assertThat(find(id.text()).get(0).events()).hasSize(4);
    }

    @Test
    void what_was_taken_from_the_shelf_again_because_the_disk_failed_is_told_of_no_shelf() throws Exception {
        MailId withdrawn = MailId.next();
        MailId again = MailId.next();
        ShelfNote none = new ShelfNote.Moved(0, "INBOX", 0, 0, "key");
        chronicle.complete(
                List.of(left(withdrawn, false, lying(7), none), left(again, false, lying(7), none, lying(8))));
        assertThat(find(withdrawn.text()).get(0).events()).hasSize(4);
        assertThat(find(again.text()).get(0).events())
                .hasSize(5)
                .last()
                .isInstanceOfSatisfying(
                        MailEvent.Shelved.class, s -> assertThat(s.uid()).isEqualTo(8));
    }
}
