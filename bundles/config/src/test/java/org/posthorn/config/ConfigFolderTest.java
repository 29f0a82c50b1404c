package org.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

class ConfigFolderTest {

    private static final String METATYPE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
              <OCD id="a" name="A">
                <AD id="port" type="Integer" min="1" max="65535" default="25" cardinality="0"/>
                <AD id="tls" type="String" default="none" cardinality="0">
                  <Option label="none" value="none"/><Option label="starttls" value="starttls"/>
                </AD>
                <AD id="zones" type="String" default="" cardinality="2147483647" description="host names"/>
                <AD id="strict" type="Boolean" default="true" cardinality="0"/>
              </OCD>
              <Designate pid="org.posthorn.one"><Object ocdref="a"/></Designate>
              <Designate factoryPid="org.posthorn.many"><Object ocdref="a"/></Designate>
            </metatype:MetaData>
            """;

    @TempDir
    private Path dir;

    private final Map<String, Map<String, Object>> inForce = new HashMap<>();
    private final Map<String, Schema> schemas = new HashMap<>();
    private ConfigFolder folder;
    private Runnable putting = () -> {};

    @BeforeEach
    void open() throws IOException {
        SchemaReader.read(xml(METATYPE)).forEach(s -> schemas.put(s.pid(), s));
        folder = new ConfigFolder(dir, () -> schemas, new Force(null) {
            @Override
            void put(Checked checked) {
                putting.run();
                inForce.put(checked.file().name(), checked.values());
            }

            @Override
            void keepOnly(Set<String> files) {
                inForce.keySet().retainAll(files);
            }
        });
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
        folder.read();
    }

    @Test
    void values_come_into_force_in_their_declared_types() throws IOException {
        write("org.posthorn.one.cfg", "port = 2525\nzones = a.test, b.test ,\nstrict=false\n");
        Map<String, Object> values = inForce.get("org.posthorn.one.cfg");
        assertThat(values).containsEntry("port", 2525).containsEntry("strict", false);
        assertThat((String[]) values.get("zones")).containsExactly("a.test", "b.test");
    }

    @Test
    void a_bad_file_leaves_the_last_good_settings_and_is_told_whole() throws IOException {
        write("org.posthorn.one.cfg", "port = 25\n");
        write("org.posthorn.one.cfg", "port = 99999\ntls = maybe\nstirct = true\nport = 1\n");
        assertThat(inForce.get("org.posthorn.one.cfg")).containsEntry("port", 25);
        assertThat(folder.faults())
                .extracting(Fault::toString)
                .containsExactlyInAnyOrder(
                        "org.posthorn.one.cfg: tls = maybe: allowed is one of none, starttls",
                        "org.posthorn.one.cfg: stirct = true: allowed is a key that there is; is strict meant?",
                        "org.posthorn.one.cfg: port = 1: allowed is a key once in a file");
    }

    @Test
    void control_characters_are_refused() throws IOException {
        write("org.posthorn.one.cfg", "zones = a.test,\\\n  b.test\n");
        write("org.posthorn.one.cfg", "zones = a.test\\r\\n220 injected\n");
        assertThat((String[]) inForce.get("org.posthorn.one.cfg").get("zones")).containsExactly("a.test", "b.test");
        assertThat(folder.faults()).extracting(Fault::allowed).containsExactly("text without control characters");
    }

    @Test
    void a_number_out_of_range_is_told_with_its_range() throws IOException {
        write("org.posthorn.many-a.cfg", "port = 0\n");
        assertThat(folder.faults())
                .extracting(Fault::toString)
                .containsExactly("org.posthorn.many-a.cfg: port = 0: allowed is a whole number from 1 to 65535");
    }

    @Test
    void a_file_that_goes_takes_its_settings_along() throws IOException {
        write("org.posthorn.many-a.cfg", "port = 1\n");
        Files.delete(dir.resolve("org.posthorn.many-a.cfg"));
        folder.read();
        assertThat(inForce).hasSize(1);
        folder.read();
        assertThat(inForce).isEmpty();
    }

    @Test
    void what_a_bundle_checks_counts_before_its_services_are_there_and_is_told_once() throws IOException {
        SettingsCheck check = settings -> settings.get("port").equals(26)
                ? List.of(new SettingsCheck.Problem("port", "26", "any but that"))
                : List.of();
        schemas.computeIfPresent("org.posthorn.one", (pid, schema) -> schema.checkedBy(List.of(() -> check)));
        write("org.posthorn.one.cfg", "port = 26\n");
        assertThat(inForce).isEmpty();
        folder.addCheck(check, Map.of("pid", "org.posthorn.one"));
        assertThat(folder.faults())
                .extracting(Fault::toString)
                .containsExactly("org.posthorn.one.cfg: port = 26: allowed is any but that");
    }

    @Test
    void a_check_that_fails_without_its_services_keeps_no_file_out() throws IOException {
        SettingsCheck unbound = settings -> {
            throw new IllegalStateException("nothing is bound");
        };
        schemas.computeIfPresent("org.posthorn.one", (pid, schema) -> schema.checkedBy(List.of(() -> unbound)));
        write("org.posthorn.many-a.cfg", "port = 7\n");
        write("org.posthorn.one.cfg", "port = 26\n");
        assertThat(inForce).containsOnlyKeys("org.posthorn.many-a.cfg", "org.posthorn.one.cfg");
        SettingsCheck bound = settings -> List.of(new SettingsCheck.Problem("port", "26", "any but that"));
        folder.addCheck(bound, Map.of("pid", "org.posthorn.one"));
        assertThat(folder.faults()).extracting(Fault::allowed).containsExactly("any but that");
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class})
    void a_check_that_fails_as_a_service_keeps_no_file_out(Class<? extends Throwable> why) throws IOException {
        folder.addCheck(settings -> fail(why), Map.of("pid", "org.posthorn.one"));
        write("org.posthorn.one.cfg", "port = 26\n");
        write("org.posthorn.many-a.cfg", "port = 7\n");
        assertThat(folder.faults()).isEmpty();
        assertThat(inForce).containsOnlyKeys("org.posthorn.many-a.cfg", "org.posthorn.one.cfg");
    }

    @SuppressWarnings("unchecked")
    private static <R, T extends Throwable> R fail(Class<? extends Throwable> why) throws T {
        try {
            throw (T) why.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Timeout(20)
    void a_look_that_breaks_is_not_the_last_one() throws Exception {
        CountDownLatch again = new CountDownLatch(1);
        AtomicBoolean broken = new AtomicBoolean();
        putting = () -> {
            if (!broken.getAndSet(true)) throw new NoClassDefFoundError("a class of another bundle");
            again.countDown();
        };
        Files.writeString(dir.resolve("org.posthorn.one.cfg"), "port = 26\n");
        folder.watch(Duration.ofMillis(5));
        again.await();
        folder.stop();
    }

    @Test
    @Timeout(20)
    void a_check_that_does_not_return_holds_up_nobody_who_brings_another() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        SettingsCheck slow = settings -> {
            asked.countDown();
            await(answer);
            return List.of();
        };
        folder.addCheck(slow, Map.of("pid", "org.posthorn.one"));
        Files.writeString(dir.resolve("org.posthorn.one.cfg"), "port = 26\n");
        CompletableFuture<Void> look = CompletableFuture.runAsync(folder::read, ConfigFolderTest::onItsOwn);
        asked.await();
        SettingsCheck other = settings -> List.of(new SettingsCheck.Problem("port", "26", "any but that"));
        try {
            CompletableFuture.runAsync(
                            () -> folder.addCheck(other, Map.of("pid", "org.posthorn.one")), ConfigFolderTest::onItsOwn)
                    .get(10, TimeUnit.SECONDS);
        } finally {
            answer.countDown();
        }
        look.join();
        assertThat(folder.faults()).extracting(Fault::allowed).containsExactly("any but that");
    }

    /** The common pool has a single thread on a small machine. */
    private static void onItsOwn(Runnable work) {
        new Thread(work).start();
    }

    private static void await(CountDownLatch event) {
        try {
            event.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_check_is_found_in_the_description_of_its_component() throws IOException {
        String component = """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="org.posthorn.one.Check">
                  <property name="pid" type="String" value="org.posthorn.one"/>
                  <service><provide interface="%s"/></service>
                  <implementation class="org.posthorn.one.Check"/>
                </scr:component>
                """;
        assertThat(SchemaReader.check(xml(component.formatted(SettingsCheck.class.getName()))))
                .contains(new SchemaReader.Check("org.posthorn.one", "org.posthorn.one.Check"));
        assertThat(SchemaReader.check(xml(component.formatted("java.lang.Runnable"))))
                .isEmpty();
    }

    private static ByteArrayInputStream xml(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_would_cost_the_log_is_told() throws IOException {
        write("org.ops4j.pax.logging.cfg", """
                log4j2.status = warn
                log4j2.rootLogger.level = loud
                log4j2.appender.console.filter.level.level = ${sys:posthorn.log.console:-WARN}
                log4j2.appender.file.policies.size.size = 10XB
                log4j2.appender.file.strategy.max = nine
                log4j2.appender.file.append = true
                """);
        assertThat(folder.faults())
                .extracting(Fault::toString)
                .containsExactlyInAnyOrder(
                        "org.ops4j.pax.logging.cfg: log4j2.rootLogger.level = loud: allowed is one of off, fatal, error,"
                                + " warn, info, debug, trace, all",
                        "org.ops4j.pax.logging.cfg: log4j2.appender.file.policies.size.size = 10XB: allowed is a size, as 10MB",
                        "org.ops4j.pax.logging.cfg: log4j2.appender.file.strategy.max = nine: allowed is a whole number");
    }

    @Test
    void what_does_not_go_together_in_two_files_is_told_and_comes_into_force() throws IOException {
        write("org.posthorn.many-a.cfg", "port = 7\n");
        write("org.posthorn.many-b.cfg", "port = 7\n");
        folder.addCheck(
                new SettingsCheck() {
                    @Override
                    public List<Problem> check(Map<String, Object> settings) {
                        return List.of();
                    }

                    @Override
                    public Map<String, List<Problem>> clashes(Map<String, Map<String, Object>> settings) {
                        boolean same = settings.size() == 2
                                && settings.values().stream()
                                                .map(s -> s.get("port"))
                                                .distinct()
                                                .count()
                                        == 1;
                        return same
                                ? Map.of("org.posthorn.many-b.cfg", List.of(new Problem("port", "7", "another")))
                                : Map.of();
                    }
                },
                Map.of("pid", "org.posthorn.many"));
        ShellCommand check = new ConfigCommands(folder).commands().get(0);
        assertThatThrownBy(() -> check.action().run(new CommandLine(List.of(), Map.of(), s -> {})))
                .hasMessage("org.posthorn.many-b.cfg: port = 7: allowed is another");
        write("org.posthorn.many-b.cfg", "port = 7\nstrict = false\n");
        assertThat(inForce.get("org.posthorn.many-b.cfg")).containsEntry("strict", false);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, NoClassDefFoundError.class})
    void a_check_that_fails_over_files_that_may_not_go_together_keeps_no_fault_from_being_told(
            Class<? extends Throwable> why) throws IOException {
        write("org.posthorn.many-a.cfg", "port = x\n");
        folder.addCheck(
                new SettingsCheck() {
                    @Override
                    public List<Problem> check(Map<String, Object> settings) {
                        return List.of();
                    }

                    @Override
                    public Map<String, List<Problem>> clashes(Map<String, Map<String, Object>> settings) {
                        return fail(why);
                    }
                },
                Map.of("pid", "org.posthorn.many"));
        ShellCommand check = new ConfigCommands(folder).commands().get(0);
        assertThatThrownBy(() -> check.action().run(new CommandLine(List.of(), Map.of(), s -> {})))
                .hasMessageStartingWith("org.posthorn.many-a.cfg: port = x");
    }

    @Test
    void a_folder_that_cannot_be_looked_at_leaves_all_in_force() throws IOException {
        write("org.posthorn.many-a.cfg", "port = 1\n");
        Path away = dir.resolveSibling(dir.getFileName() + "-away");
        Files.move(dir, away);
        try {
            for (int look = 0; look < 3; look++) folder.read();
            assertThat(inForce.get("org.posthorn.many-a.cfg")).containsEntry("port", 1);
        } finally {
            Files.move(away, dir);
        }
        write("org.posthorn.many-a.cfg", "port = 12\n");
        assertThat(inForce.get("org.posthorn.many-a.cfg")).containsEntry("port", 12);
    }

    @Test
    void an_empty_file_is_believed_at_the_second_look() throws IOException {
        write("org.posthorn.one.cfg", "port = 26\n");
        write("org.posthorn.one.cfg", "");
        assertThat(inForce.get("org.posthorn.one.cfg")).containsEntry("port", 26);
        folder.read();
        assertThat(inForce.get("org.posthorn.one.cfg")).isEmpty();
    }

    @Test
    void a_name_that_nobody_reads_is_a_fault_and_a_foreign_one_goes_through() throws IOException {
        write("org.posthorn.none.cfg", "a = b\n");
        write("org.example.cfg", "a = b\n");
        assertThat(folder.faults()).extracting(Fault::file).containsExactly("org.posthorn.none.cfg");
        assertThat(inForce).containsOnlyKeys("org.example.cfg");
    }

    @Test
    void what_a_bundle_objects_to_is_a_fault() throws IOException {
        SettingsCheck odd = s -> ((Integer) s.get("port")) % 2 == 1
                ? List.of(new SettingsCheck.Problem("port", "" + s.get("port"), "an even number"))
                : List.of();
        folder.addCheck(odd, Map.of("pid", "org.posthorn.one"));
        write("org.posthorn.one.cfg", "strict = true\n");
        assertThat(folder.faults()).extracting(Fault::allowed).containsExactly("an even number");
        write("org.posthorn.one.cfg", "strict = maybe\nport = 27\n");
        assertThat(folder.faults()).extracting(Fault::allowed).containsExactly("true or false", "an even number");
    }

    @Test
    void what_is_not_there_is_told_and_comes_into_force_all_the_same() throws Exception {
        SettingsCheck absent = new SettingsCheck() {
            @Override
            public List<Problem> check(Map<String, Object> settings) {
                return List.of();
            }

            @Override
            public List<Problem> absent(Map<String, Object> settings) {
                return List.of(new Problem("zones", "a.test", "what is there: b.test"));
            }
        };
        folder.addCheck(absent, Map.of("pid", "org.posthorn.one"));
        write("org.posthorn.one.cfg", "zones = a.test\n");
        assertThat(folder.faults()).isEmpty();
        assertThat(inForce).containsOnlyKeys("org.posthorn.one.cfg");
        ShellCommand check = new ConfigCommands(folder).commands().get(0);
        assertThatThrownBy(() -> check.action().run(new CommandLine(List.of(), Map.of(), s -> {})))
                .hasMessage("org.posthorn.one.cfg: zones = a.test: allowed is what is there: b.test");
    }

    @Test
    void any_bytes_are_answered_with_faults() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            Path file = Files.write(dir.resolve("org.posthorn.one.cfg"), bytes);
            assertThat(ConfigFile.read(file)).isNotNull();
        }
    }

    @Test
    void every_part_is_shown_with_a_file_and_without() throws Exception {
        Files.writeString(dir.resolve("org.posthorn.many-x.cfg"), "port = 77\n");
        ShellCommand show = new ConfigCommands(folder).commands().get(1);
        assertThat((List<?>) show.action().run(new CommandLine(List.of(), Map.of(), s -> {})))
                .map(row -> (ConfigCommands.Row) row)
                .filteredOn(row -> row.key().equals("port"))
                .map(row -> row.file() + " " + row.value() + " " + row.set())
                .containsExactly("org.posthorn.many-x.cfg 77 file", "org.posthorn.one.cfg 25 default");
    }

    @Test
    @Timeout(20)
    void a_look_that_is_under_way_ends_before_the_part_is_stopped() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        putting = () -> {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                left.set(true);
            }
        };
        Files.writeString(dir.resolve("org.posthorn.one.cfg"), "port = 26\n");
        folder.watch(Duration.ofMillis(5));
        entered.await();
        folder.stop();
        assertThat(left).isTrue();
    }
}
