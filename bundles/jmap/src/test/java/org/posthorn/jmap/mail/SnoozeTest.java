package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.Id;

/** The property snoozed of Emails, draft-ietf-extra-email-snooze 4. Quotes may be single ones. */
class SnoozeTest {

    private static final String ID = "M0000000000000001";
    private static final String SNOOZE = "{'snoozed':{'until':'2026-11-30T08:00:00Z','setKeywords':{'$seen':false}}}";

    /** The process dies. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private final MemoryMail mail = new MemoryMail("Archive", "INBOX");
    private final PostOffice office = new PostOffice();
    private final Leased<MailboxStore> stores = new Leased<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Snoozes snoozes;
    private Calls calls;

    @TempDir
    Path folder;

    @BeforeEach
    void fill() throws IOException {
        mail.add("INBOX", "Subject: bill||pay|", office.now, "\\Seen", "Own");
        mail.add("INBOX", "Subject: other||x|", office.now.plusSeconds(60), "\\Seen");
        stores.add(mail, Map.of());
        open();
    }

    private void open() {
        snoozes = new Snoozes(folder, office);
        calls = new Calls(mail, PostOffice.ALICE, folder, snoozes);
    }

    /** The process dies and begins anew. */
    private void restart() {
        snoozes.close();
        open();
    }

    @AfterEach
    void close() {
        snoozes.close();
        clock.shutdownNow();
    }

    private JsonNode update(String patch) throws IOException {
        return calls.one(
                "Email/set",
                "'update':{'ID':PATCH}"
                        .replace("PATCH", patch)
                        .replace("ID", ID)
                        .replace('\'', '"'));
    }

    private void snooze(String patch) throws IOException {
        JsonNode answer = update(patch);
        assertThat(answer.at("/updated/" + ID).isObject()).as(answer.toString()).isTrue();
    }

    private String now(String property) throws IOException {
        String json = "\"ids\":[\"" + ID + "\"],\"properties\":[\"" + property + "\"]";
        return calls.one("Email/get", json).at("/list/0/" + property).toString().replace('"', '\'');
    }

    private String sorted(boolean ascending) throws IOException {
        String sort = "\"sort\":[{\"property\":\"snoozedUntil\",\"isAscending\":" + ascending + "}]";
        return calls.one("Email/query", sort).get("ids").toString().replace("M000000000000000", "");
    }

    /** Wakes what is due, as the alarm does. */
    private boolean look() throws IOException {
        return new Awakening(snoozes, stores, new Digests()).all(PostOffice.ALICE, () -> true);
    }

    private void monday() throws IOException {
        office.now = office.now.plus(Duration.ofDays(1));
        assertThat(look()).isTrue();
    }

    @Test
    void mail_sleeps_in_a_mailbox_of_its_own_and_comes_back_unread_to_where_it_was() throws IOException {
        JsonNode told = update(SNOOZE).at("/updated/" + ID);
        assertThat(told.toString().replace('"', '\''))
                .isEqualTo(
                        "{'mailboxIds':{'FSnoozed':true},'snoozed':{'until':'2026-11-30T08:00:00Z','moveToMailboxId':'FINBOX','setKeywords':{'$seen':false}}}");
        assertThat(now("mailboxIds")).isEqualTo("{'FSnoozed':true}");
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
        assertThat(now("snoozed")).contains("'until':'2026-11-30T08:00:00Z'");
        assertThat(mail.uses).containsEntry("Snoozed", SpecialUse.SNOOZED);
        assertThat(mail.subscriptions).containsExactly("Snoozed");
        office.now = office.now.plus(Duration.ofHours(19));
        assertThat(look()).isTrue();
        assertThat(now("mailboxIds")).isEqualTo("{'FSnoozed':true}");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("keywords")).isEqualTo("{'own':true}");
    }

    @Test
    void what_came_back_stands_on_top_and_what_sleeps_is_sorted_by_its_time() throws IOException {
        assertThat(sorted(false)).isEqualTo("[\"2\",\"1\"]");
        snooze(SNOOZE);
        assertThat(sorted(false)).isEqualTo("[\"1\",\"2\"]");
        assertThat(sorted(true)).isEqualTo("[\"2\",\"1\"]");
        monday();
        assertThat(sorted(false)).isEqualTo("[\"1\",\"2\"]");
        restart();
        assertThat(sorted(false)).isEqualTo("[\"1\",\"2\"]");
        assertThat(now("snoozed")).contains("2026-11-30T08:00:00Z");
    }

    @Test
    void it_goes_where_the_client_says_as_in_the_draft() throws IOException {
        String box = mail.create("Later", Optional.of(SpecialUse.SNOOZED));
        snooze(
                "{'mailboxIds':{'" + box
                        + "':true},'snoozed':{'until':'2026-11-30T08:00:00Z','moveToMailboxId':'FArchive','setKeywords':{'$New':true,'own':false}}}");
        assertThat(now("mailboxIds")).isEqualTo("{'FLater':true}");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FArchive':true}");
        assertThat(now("keywords")).isEqualTo("{'$new':true,'$seen':true}");
    }

    @Test
    void one_of_its_mailboxes_is_left_and_the_others_stay() throws IOException {
        assertThat(update("{'mailboxIds/FArchive':true}").at("/updated").has(ID))
                .isTrue();
        snooze(SNOOZE);
        assertThat(now("mailboxIds")).isEqualTo("{'FArchive':true,'FSnoozed':true}");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FArchive':true,'FINBOX':true}");
        assertThat(now("keywords")).isEqualTo("{'own':true}");
    }

    @Test
    void what_sleeps_is_given_another_time_of_which_others_are_told() throws IOException {
        snooze(SNOOZE);
        String state = Long.toString(mail.state());
        snooze("{'snoozed/until':'2026-12-24T18:00:00Z'}");
        JsonNode changes = calls.one("Email/changes", "\"sinceState\":\"" + state + "\"");
        assertThat(changes.get("updated").toString()).isEqualTo("[\"" + ID + "\"]");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FSnoozed':true}");
        office.now = office.now.plus(Duration.ofDays(30));
        look();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("keywords")).isEqualTo("{'own':true}");
    }

    @Test
    void it_is_brought_back_as_it_was_before_its_time() throws IOException {
        snooze(SNOOZE);
        snooze("{'snoozed':null}");
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
        assertThat(now("snoozed")).isEqualTo("null");
        monday();
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
    }

    @Test
    void where_it_cannot_come_back_to_any_more_inbox_takes_its_place() throws IOException {
        mail.create("Gone", Optional.empty());
        snooze("{'snoozed':{'until':'2026-11-30T08:00:00Z','moveToMailboxId':'FGone'}}");
        mail.boxes.remove("Gone");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'snoozed':true}",
                "{'snoozed':{}}",
                "{'snoozed':{'until':'tomorrow'}}",
                "{'snoozed':{'until':1}}",
                "{'snoozed':{'until':'+12345-01-01T00:00:00Z'}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','moveToMailboxId':'FNone'}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','moveToMailboxId':'FSnoozed'}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','moveToMailboxId':7}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','setKeywords':{'a b':true}}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','setKeywords':['$seen']}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','setKeywords':{'$seen':1}}}",
                "{'snoozed':{'until':'2026-11-30T08:00:00Z','why':'so'}}",
                "{'snoozed/until':'2026-11-30T08:00:00Z'}"
            })
    void nonsense_is_refused_and_nothing_is_done(String patch) throws IOException {
        mail.create("Snoozed", Optional.of(SpecialUse.SNOOZED));
        JsonNode answer = update(patch);
        assertThat(answer.at("/notUpdated/" + ID + "/type").textValue())
                .as(answer.toString())
                .startsWith("invalidP");
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("snoozed")).isEqualTo("null");
    }

    @Test
    void what_somebody_has_moved_or_deleted_meanwhile_is_left_where_it_is() throws IOException {
        snooze(SNOOZE);
        MemoryBox snoozed = mail.boxes.get("Snoozed");
        snoozed.move(UidSet.ALL, mail.boxes.get("Archive"));
        assertThat(now("snoozed")).isEqualTo("null");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FArchive':true}");
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
        assertThat(snoozes.of(PostOffice.ALICE).get(1)).isEmpty();
        snooze(SNOOZE);
        snoozed.expunge(UidSet.ALL);
        monday();
        assertThat(snoozes.of(PostOffice.ALICE).get(1)).isEmpty();
    }

    @Test
    void who_dies_before_the_move_has_not_snoozed_it() throws IOException {
        mail.when("move INBOX Snoozed", () -> {
            throw new Killed();
        });
        assertThatThrownBy(() -> update(SNOOZE)).isInstanceOf(Killed.class);
        restart();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("snoozed")).isEqualTo("null");
        monday();
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
        snooze(SNOOZE);
    }

    @Test
    void who_dies_in_the_move_has_it_woken_from_where_it_then_lies_twice() throws IOException {
        snooze(SNOOZE);
        mail.boxes.get("Snoozed").copy(UidSet.ALL, mail.boxes.get("INBOX"));
        restart();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true,'FSnoozed':true}");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(mail.boxes.get("INBOX").entries(UidSet.ALL)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"store Snoozed", "move Snoozed INBOX"})
    void who_dies_while_it_is_woken_wakes_it_at_the_next_start(String step) throws IOException {
        snooze(SNOOZE);
        mail.when(step, () -> {
            throw new Killed();
        });
        assertThatThrownBy(this::monday).isInstanceOf(Killed.class);
        restart();
        assertThat(now("mailboxIds")).isEqualTo("{'FSnoozed':true}");
        assertThat(look()).isTrue();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
        assertThat(now("keywords")).isEqualTo("{'own':true}");
    }

    @Test
    void who_dies_behind_the_move_that_wakes_it_does_not_wake_it_again() throws IOException {
        snooze(SNOOZE);
        Path log = folder.resolve("jmap/snooze/" + Id.account(PostOffice.ALICE));
        byte[] before = Files.readAllBytes(log);
        monday();
        assertThat(update("{'keywords/$seen':true}").at("/updated").has(ID)).isTrue();
        Files.write(log, before);
        restart();
        assertThat(look()).isTrue();
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
        assertThat(snoozes.of(PostOffice.ALICE).get(1)).isEmpty();
    }

    @Test
    void what_breaks_is_as_it_was_and_is_tried_again() throws IOException {
        mail.breakAt("move INBOX Snoozed");
        assertThat(update(SNOOZE).at("/notUpdated/" + ID + "/type").textValue()).isEqualTo("serverFail");
        assertThat(snoozes.of(PostOffice.ALICE).get(1)).isEmpty();
        snooze(SNOOZE);
        mail.breakAt("move Snoozed INBOX");
        assertThatThrownBy(this::monday).isInstanceOf(IOException.class);
        assertThat(now("keywords")).isEqualTo("{'$seen':true,'own':true}");
        assertThat(look()).isTrue();
        assertThat(now("keywords")).isEqualTo("{'own':true}");
    }

    @Test
    void what_breaks_behind_the_move_is_woken_all_the_same() throws IOException {
        mail.breakAt("moved INBOX Snoozed");
        assertThat(update(SNOOZE).at("/notUpdated/" + ID + "/type").textValue()).isEqualTo("serverFail");
        assertThat(now("mailboxIds")).isEqualTo("{'FSnoozed':true}");
        monday();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
    }

    @Test
    void others_that_cannot_be_told_of_another_time_do_not_make_it_forgotten() throws IOException {
        snooze(SNOOZE);
        mail.breakAt("move Snoozed Snoozed");
        update("{'snoozed/until':'2026-11-30T07:00:00Z'}");
        monday();
        assertThat(now("snoozed")).contains("2026-11-30T07:00:00Z");
    }

    @Test
    void one_that_cannot_be_woken_does_not_keep_others_asleep() throws IOException {
        snooze(SNOOZE);
        JsonNode other = calls.one(
                "Email/set",
                ("'update':{'M0000000000000002':" + SNOOZE.replace("08:00", "08:01") + "}").replace('\'', '"'));
        assertThat(other.at("/updated").size()).isEqualTo(1);
        mail.breakAt("move Snoozed INBOX");
        assertThatThrownBy(this::monday).isInstanceOf(IOException.class);
        assertThat(now("mailboxIds")).isEqualTo("{'FSnoozed':true}");
        assertThat(mail.boxes.get("INBOX").entries(UidSet.ALL)).hasSize(1);
    }

    private static Snooze of(long number, boolean over) {
        SnoozeDetails details = new SnoozeDetails(
                Instant.parse("2026-12-01T00:00:00Z").plusSeconds(number), Optional.empty(), new TreeMap<>());
        return new Snooze(PostOffice.ALICE, number, "FSnoozed", details, over, false);
    }

    @Test
    void what_came_back_longest_ago_and_what_sleeps_no_more_makes_room() throws IOException {
        AccountSnoozes his = snoozes.of(PostOffice.ALICE);
        for (int i = 0; i < AccountSnoozes.MOST; i++) his.put(of(100 + i, i < 1));
        snooze(SNOOZE);
        assertThat(his.get(100)).isEmpty();
        assertThat(his.all(one -> true)).hasSize(AccountSnoozes.MOST);
        snooze("{'snoozed':null}");
        his.put(of(100, false));
        snooze(SNOOZE);
        assertThat(his.all(one -> true)).hasSize(1);
    }

    @Test
    void more_than_so_many_do_not_sleep() throws IOException {
        AccountSnoozes his = snoozes.of(PostOffice.ALICE);
        mail.create("Snoozed", Optional.of(SpecialUse.SNOOZED));
        for (int i = 0; i < AccountSnoozes.MOST; i++) {
            Entry asleep = mail.add("Snoozed", "Subject: s" + i + "||x|", office.now);
            his.put(of(asleep.emailId(), false));
        }
        assertThat(update(SNOOZE).at("/notUpdated/" + ID + "/type").textValue()).isEqualTo("overQuota");
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
    }

    private SnoozeAlarm alarm() {
        return new SnoozeAlarm(snoozes, stores, clock);
    }

    private CountDownLatch waking() {
        CountDownLatch woken = new CountDownLatch(1);
        mail.when("move Snoozed INBOX", woken::countDown);
        return woken;
    }

    /** Closing waits until the move that has begun is done. */
    private void woken(CountDownLatch waking, SnoozeAlarm alarm) throws InterruptedException, IOException {
        assertThat(waking.await(30, TimeUnit.SECONDS)).isTrue();
        alarm.close();
        assertThat(now("mailboxIds")).isEqualTo("{'FINBOX':true}");
    }

    @Test
    void what_was_due_while_the_server_was_down_is_woken_at_its_start() throws Exception {
        snooze(SNOOZE);
        restart();
        office.now = office.now.plus(Duration.ofDays(400));
        CountDownLatch waking = waking();
        woken(waking, alarm());
    }

    @Test
    @Timeout(60)
    void what_cannot_be_read_at_the_start_is_tried_again() throws Exception {
        snooze(SNOOZE);
        restart();
        office.now = office.now.plus(Duration.ofDays(1));
        Path log = folder.resolve("jmap/snooze/" + Id.account(PostOffice.ALICE));
        byte[] kept = Files.readAllBytes(log);
        Files.delete(log);
        Files.createDirectory(log);
        CountDownLatch waking = waking();
        SnoozeAlarm alarm = alarm();
        while (clock.getQueue().isEmpty()) LockSupport.parkNanos(1_000_000);
        Files.delete(log);
        Files.write(log, kept);
        stores.remove(mail);
        stores.add(mail, Map.of());
        woken(waking, alarm);
    }

    @Test
    void mailboxes_that_are_away_are_waited_for() throws Exception {
        snooze(SNOOZE);
        stores.remove(mail);
        office.now = office.now.plus(Duration.ofDays(1));
        assertThat(look()).isFalse();
        CountDownLatch waking = waking();
        SnoozeAlarm alarm = alarm();
        stores.add(mail, Map.of());
        woken(waking, alarm);
    }

    @Test
    void the_alarm_hears_of_what_is_snoozed_behind_its_start_and_of_a_clock_that_is_set() throws Exception {
        SnoozeAlarm alarm = alarm();
        CountDownLatch waking = waking();
        snooze("{'snoozed':{'until':'2026-11-29T12:00:01Z'}}");
        office.now = office.now.plus(Duration.ofHours(1));
        woken(waking, alarm);
    }

    @Test
    void the_next_version_waits_until_the_one_before_has_let_go() throws Exception {
        snooze(SNOOZE);
        office.now = office.now.plus(Duration.ofDays(1));
        Snoozes before = snoozes;
        snoozes = new Snoozes(folder, office);
        CountDownLatch waking = waking();
        SnoozeAlarm alarm = alarm();
        assertThat(snoozes.waits()).isTrue();
        before.close();
        calls = new Calls(mail, PostOffice.ALICE, folder, snoozes);
        woken(waking, alarm);
    }
}
