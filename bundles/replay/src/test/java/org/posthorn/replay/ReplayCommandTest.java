package org.posthorn.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.posthorn.api.config.SettingsReader;
import org.posthorn.api.filter.BundlesBeside;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.ChainTrial;
import org.posthorn.api.intake.ChainTrials;
import org.posthorn.api.intake.Judgement;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.posthorn.mime.StoredMessage;

class ReplayCommandTest {

    private static final Instant NOW = Instant.now();
    private static final Address BOB = Address.of("bob@here.test");

    @TempDir
    private Path dir;

    private Container container;
    private ReplayCommand command;

    private interface Judge {
        Judgement on(Mail mail) throws Exception;
    }

    private final List<List<String>> tried = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> configurations = new ArrayList<>();
    private final Map<String, Object> settings = new HashMap<>();
    private final Map<String, TreeMap<Long, String>> mailboxes = new TreeMap<>();
    private final Map<Long, Instant> dates = new HashMap<>();
    private Judge judge = mail -> new Judgement(Verdict.PASS, "", List.of(), "");
    private int accountsMade;

    @BeforeEach
    void start() throws Exception {
        container = new Container(dir.resolve("cache"));
        Path inForce = Files.createDirectory(dir.resolve("config"));
        ChainTrials trials = new Trials();
        SettingsReader reader = (pid, file) -> settings;
        Leased<BundlesBeside> beside = container.beside();
        Copies copies = new Copies(container.context(), beside, Duration.ofMillis(300));
        Proposals proposals = new Proposals(trials, reader, admin(), copies, inForce);
        proposals.tidy();
        command = new ReplayCommand(trials, proposals, beside, Clock.systemUTC());
        command.addStore(store(), Map.of());
        command.addDirectory(directory(), Map.of());
        mailboxes.put("INBOX", new TreeMap<>());
        mailboxes.put("Junk", new TreeMap<>());
    }

    @AfterEach
    void stop() throws Exception {
        container.stop();
    }

    private final class Trials implements ChainTrials {
        @Override
        public List<String> chain() {
            return List.of("size", "subject");
        }

        @Override
        public List<String> with(String filter, List<String> chain) {
            return List.of("size", filter);
        }

        @Override
        public ChainTrial begin(List<String> chain) {
            tried.add(chain);
            return new ChainTrial() {
                @Override
                public List<String> unasked() {
                    return chain.contains("greylist") ? List.of("greylist") : List.of();
                }

                @Override
                public Judgement judge(Mail mail) {
                    try {
                        return judge.on(mail);
                    } catch (IOException e) {
                        return new Judgement(Verdict.PASS, "", List.of(), e.getMessage());
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }

                @Override
                public void close() {
                    tried.add(List.of("closed"));
                }
            };
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().equals("equals")) return proxy == args[0];
            if (method.getName().equals("hashCode")) return System.identityHashCode(proxy);
            return handler.invoke(proxy, method, args);
        });
    }

    private ConfigurationAdmin admin() {
        return fake(ConfigurationAdmin.class, (p, method, args) -> {
            if (!method.getName().equals("getConfiguration")) return null;
            return fake(Configuration.class, (q, change, values) -> {
                configurations.add(change.getName() + " " + args[0] + (values == null ? "" : " " + values[0]));
                return null;
            });
        });
    }

    private MailboxStore store() {
        return fake(MailboxStore.class, (p, method, args) -> switch (method.getName()) {
            case "exists" -> args[0].equals(BOB);
            case "account" -> {
                accountsMade++;
                yield account();
            }
            default -> throw new AssertionError(method + " would change something");
        });
    }

    private Account account() {
        return fake(Account.class, (p, method, args) -> switch (method.getName()) {
            case "list" ->
                mailboxes.keySet().stream()
                        .map(name -> new Listed(
                                name,
                                true,
                                true,
                                name.equals("Junk") ? Optional.of(SpecialUse.JUNK) : Optional.empty()))
                        .toList();
            case "mailbox" -> Optional.of(mailbox(mailboxes.get((String) args[0])));
            default -> throw new AssertionError(method + " would change something");
        });
    }

    private Mailbox mailbox(TreeMap<Long, String> mails) {
        return fake(Mailbox.class, (p, method, args) -> switch (method.getName()) {
            case "entries" ->
                mails.keySet().stream()
                        .map(uid -> new Entry(uid, Flags.NONE, 1, 1, dates.getOrDefault(uid, NOW), NOW, uid))
                        .toList();
            case "message" -> Optional.ofNullable(mails.get((Long) args[0])).map(StoredMessage::of);
            default -> throw new AssertionError(method + " would change something");
        });
    }

    private static UserDirectory directory() {
        return fake(UserDirectory.class, (p, method, args) -> switch (method.getName()) {
            case "domains" -> Set.of("here.test");
            case "users" -> List.of(new User(Address.of("new@here.test"), true), new User(BOB, true));
            default -> throw new AssertionError(method.toString());
        });
    }

    private void put(String mailbox, long uid, String subject, String results) {
        mailboxes
                .get(mailbox)
                .put(
                        uid,
                        "Return-Path: <ann@there.test>\r\nDelivered-To: bob@here.test\r\n" + results
                                + "Received: from c ([192.0.2.7])\r\n\tby mx.here.test with ESMTP\r\n\tid 001K197Q5WN"
                                + (10 + uid) + " for <bob@here.test>;\r\n\tSun, 22 Nov 2026 19:30:00 +0100\r\n"
                                + "Subject: " + subject + "\r\n\r\nbody\r\n");
    }

    private Path intake(String... filters) throws IOException {
        settings.put("filters", filters);
        return Files.writeString(Files.createDirectories(dir.resolve("new")).resolve("org.posthorn.intake.cfg"), "x");
    }

    @SuppressWarnings("unchecked")
    private List<Report.Change> replay(Path file, String... options) throws Exception {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) all.put(options[i], options[i + 1]);
        CommandLine line = new CommandLine(List.of(file.toString()), all, told::add);
        return (List<Report.Change>) command.commands().get(0).action().run(line);
    }

    private static Judgement refuseLottery(Mail mail) throws IOException {
        boolean lottery = mail.message().header().stream()
                .anyMatch(f -> f.is("Subject") && f.unfolded().contains("lottery"));
        return lottery
                ? new Judgement(Verdict.refuse("no"), "subject@2.0.0.replay", List.of(), "")
                : new Judgement(Verdict.PASS, "", List.of(), "");
    }

    @Test
    void what_would_change_is_told_newest_first_and_nothing_is_done() throws Exception {
        put("INBOX", 1, "a lottery", "");
        put("INBOX", 2, "a letter", "");
        put("INBOX", 3, "another lottery", "");
        put("Junk", 4, "spam", "");
        judge = ReplayCommandTest::refuseLottery;
        List<Report.Change> changes = replay(intake("size", "greylist"));
        assertThat(changes).extracting(Report.Change::uid).containsExactly(3L, 1L, 4L);
        assertThat(changes.get(0).then()).isEqualTo("pass");
        assertThat(changes.get(0).now()).isEqualTo("subject@2.0.0: 550 5.7.1 no");
        assertThat(changes.get(0).account()).isEqualTo(BOB);
        assertThat(changes.get(0).sender()).contains(Address.of("ann@there.test"));
        assertThat(changes.get(2).then()).isEqualTo("junk");
        assertThat(changes.get(2).now()).isEqualTo("pass");
        assertThat(tried).containsExactly(List.of("size", "greylist"), List.of("closed"));
        assertThat(told)
                .containsExactly(
                        "filters = size, greylist",
                        "greylist is not asked: it remembers what it is asked, and judges live mail by it",
                        "4 mails, 3 would fare otherwise; now: 2 pass, 2 refused");
    }

    @Test
    void another_result_of_the_same_method_is_a_change_and_a_new_method_is_none() throws Exception {
        put("INBOX", 1, "x", "Authentication-Results: mx.here.test;\r\n\tspf=pass\r\n");
        judge = mail -> new Judgement(Verdict.PASS, "", List.of(finding("spf", "pass"), finding("dkim", "fail")), "");
        assertThat(replay(intake("spf"))).isEmpty();
        judge = mail -> new Judgement(Verdict.PASS, "", List.of(finding("spf", "fail")), "");
        Report.Change change = replay(intake("spf")).get(0);
        assertThat(change.then()).isEqualTo("pass (spf=pass)");
        assertThat(change.now()).isEqualTo("pass (spf=fail)");
    }

    private static Finding finding(String method, String result) {
        return new Finding(method, result, Map.of(), "");
    }

    @Test
    void age_account_and_limit_are_kept_and_accounts_without_mail_are_not_made() throws Exception {
        for (long uid = 1; uid <= 9; uid++) {
            put("INBOX", uid, "lottery", "");
            dates.put(uid, NOW.minus(Duration.ofDays(10 - uid)).plusSeconds(60));
        }
        mailboxes.get("INBOX").put(20L, "Subject: a draft\r\n\r\nx\r\n");
        judge = ReplayCommandTest::refuseLottery;
        assertThat(replay(intake("size"))).extracting(Report.Change::uid).containsExactly(9L, 8L, 7L, 6L, 5L, 4L, 3L);
        assertThat(told.get(told.size() - 1)).endsWith("1 left out that did not come in from outside");
        assertThat(replay(intake("size"), "since", "48h"))
                .extracting(Report.Change::uid)
                .containsExactly(9L, 8L);
        assertThat(replay(intake("size"), "since", "2w", "limit", "3")).hasSize(3);
        accountsMade = 0;
        assertThat(replay(intake("size"), "account", "new@here.test")).isEmpty();
        assertThatThrownBy(() -> replay(intake("size"), "account", "nobody@here.test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no account nobody@here.test; user:list shows those that there are");
        assertThat(accountsMade).isZero();
    }

    @Test
    void filters_that_fail_are_told_and_end_it_when_they_fail_all_the_time() throws Exception {
        for (long uid = 1; uid <= 12; uid++) put("INBOX", uid, "x", "");
        judge = mail -> {
            if (mail.id().text().endsWith("15")) throw new IOException("subject failed");
            return new Judgement(Verdict.PASS, "", List.of(), "");
        };
        assertThat(replay(intake("size"))).isEmpty();
        assertThat(told.get(1))
                .contains("12 mails, 0 would")
                .contains("1 not judged, the last of which: subject failed");
        judge = mail -> {
            throw new IOException("it is broken");
        };
        assertThatThrownBy(() -> replay(intake("size")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("given up after 10 mails")
                .hasMessageContaining("it is broken");
    }

    @Test
    void only_so_many_changes_are_kept_in_memory() throws Exception {
        for (long uid = 1; uid <= 1200; uid++) mailboxes.get("INBOX").put(uid, "");
        put("INBOX", 1, "lottery", "");
        String mail = mailboxes.get("INBOX").get(1L);
        mailboxes.get("INBOX").replaceAll((uid, empty) -> mail);
        judge = ReplayCommandTest::refuseLottery;
        assertThat(replay(intake("size"))).hasSize(1000);
        assertThat(told).contains("1000 mails, 1000 would fare otherwise; now: 1000 refused");
        assertThat(told.get(told.size() - 1)).contains("1200 mails, 1200 would").endsWith("the first 1000 are shown");
    }

    @Test
    void a_jar_runs_beside_for_the_time_of_the_replay_alone() throws Exception {
        container.shipped(Container.jar(dir.resolve("1.jar"), "1.0.0", MailFilter.class.getName(), true));
        List<String> before = container.bundles();
        put("INBOX", 1, "x", "");
        judge = mail -> {
            assertThat(container.bundles()).contains("beside:replay/com.acme.subject 2.0.0.replay");
            return new Judgement(Verdict.PASS, "", List.of(), "");
        };
        Path jar = Container.jar(dir.resolve("2.jar"), "2.0.0", MailFilter.class.getName(), true);
        replay(jar);
        assertThat(tried.get(0)).containsExactly("size", "subject@2.0.0.replay");
        assertThat(container.bundles()).isEqualTo(before);
        judge = mail -> new Judgement(Verdict.PASS, "", List.of(), "");
        replay(Container.jar(dir.resolve("same.jar"), "1.0.0", MailFilter.class.getName(), true));
        assertThat(tried.get(2)).as("the version that runs already").containsExactly("size", "subject@1.0.0.replay");
    }

    @Test
    void what_is_no_filter_is_told_and_leaves_nothing_behind() throws Exception {
        Path bad = Container.jar(dir.resolve("b.jar"), "1.0.0.throws", MailFilter.class.getName(), true);
        assertThatThrownBy(() -> replay(bad)).hasMessage("com.acme.subject cannot be replayed: no start today");
        Path idle = Container.jar(dir.resolve("i.jar"), "1.0.0", MailFilter.class.getName(), false);
        assertThatThrownBy(() -> replay(idle)).hasMessageContaining("offers no filter");
        Path half = Files.write(dir.resolve("half.jar"), new byte[30]);
        assertThatThrownBy(() -> replay(half)).hasMessageContaining("is not a whole jar");
        assertThatThrownBy(() -> replay(dir.resolve("none.jar"))).hasMessageContaining("there is no");
        assertThatThrownBy(() -> replay(intake("x"), "since", "soon")).hasMessageContaining("soon is no age");
        settings.clear();
        assertThatThrownBy(() -> replay(dir.resolve("new/org.posthorn.intake.cfg")))
                .hasMessageContaining("sets no filters");
        assertThat(container.bundles()).isEmpty();
    }

    @Test
    void settings_beside_the_chain_count_for_a_copy_of_the_filter() throws Exception {
        container.shipped(Container.jar(dir.resolve("1.jar"), "1.0.0", MailFilter.class.getName(), true));
        List<String> before = container.bundles();
        Path intake = intake("subject", "size");
        Files.writeString(dir.resolve("new/com.acme.Subject.cfg"), "x");
        Files.writeString(dir.resolve("new/org.posthorn.smtp.cfg"), "x");
        settings.put("word", "lottery");
        judge = mail -> {
            for (ServiceReference<?> filter : container.context().getServiceReferences(MailFilter.class, null))
                told.add(filter.getBundle().getVersion() + " runs");
            return new Judgement(Verdict.PASS, "", List.of(), "");
        };
        put("INBOX", 1, "x", "");
        replay(intake);
        assertThat(tried.get(0)).containsExactly("subject@1.0.0.replay", "size");
        assertThat(told).contains("com.acme.Subject.cfg counts for it", "1.0.0 runs", "1.0.0.replay runs");
        assertThat(configurations).hasSize(2);
        assertThat(configurations.get(0))
                .startsWith("update replay.com.acme.Subject {")
                .contains("word=lottery");
        assertThat(configurations.get(1)).isEqualTo("delete replay.com.acme.Subject");
        assertThat(container.bundles()).isEqualTo(before);
        assertThat(replay(dir.resolve("new"))).isEmpty();
    }

    @Test
    void a_copy_has_its_own_pid_and_no_description_of_settings() throws Exception {
        BundleCopy copy = BundleCopy.of(Container.jar(dir.resolve("1.jar"), "1.2.3.q", "x", true));
        assertThat(copy.files()).doesNotContainKey("OSGI-INF/metatype/x.xml");
        assertThat(copy.configuredBy("com.acme.Subject")).isTrue();
        BundleCopy apart = copy.configuredApart("com.acme.Subject");
        assertThat(new String(apart.files().get("OSGI-INF/subject.xml")))
                .contains("name=\"com.acme.Subject\" configuration-pid=\"replay.com.acme.Subject\">");
        assertThat(apart.configuredApart("replay.com.acme.Subject").configuredBy("replay.replay.com.acme.Subject"))
                .isTrue();
        assertThat(copy.manifest().getMainAttributes().getValue("Bundle-Version"))
                .isEqualTo("1.2.3.q-replay");
        assertThat(copy.symbolicName()).isEqualTo("com.acme.subject");
    }

    /** Takes the copies out when that method of the framework is called. */
    private BundleContext takingOut(String when) {
        BundleContext context = container.context();
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals(when))
                for (Bundle bundle : context.getBundles()) if (bundle.getBundleId() > 0) bundle.uninstall();
            return method.invoke(context, arguments);
        };
        Class<?>[] type = {BundleContext.class};
        return (BundleContext) Proxy.newProxyInstance(BundleContext.class.getClassLoader(), type, handler);
    }

    @Test
    void what_was_taken_out_meanwhile_is_told() throws Exception {
        BundleCopy copy = BundleCopy.of(Container.jar(dir.resolve("1.jar"), "1.0.0", MailFilter.class.getName(), true));
        for (String when : List.of("getBundle", "addServiceListener")) {
            Copies copies = new Copies(takingOut(when), container.beside(), Duration.ofMillis(300));
            assertThatThrownBy(() -> copies.run(copy))
                    .hasMessage("com.acme.subject was taken out again; the log may tell why");
        }
    }

    @Test
    void what_a_killed_process_left_is_taken_out() throws Exception {
        Copies copies = new Copies(container.context(), container.beside(), Duration.ofSeconds(5));
        copies.run(BundleCopy.of(Container.jar(dir.resolve("1.jar"), "1.0.0", MailFilter.class.getName(), true)));
        assertThat(container.bundles()).hasSize(1);
        new Copies(container.context(), new Leased<>(), Duration.ofSeconds(5)).tidy();
        assertThat(container.bundles()).isEmpty();
    }
}
