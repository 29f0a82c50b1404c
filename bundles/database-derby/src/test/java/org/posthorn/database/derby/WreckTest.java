package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a database that a process left behind are cut, flipped or removed. */
class WreckTest {

    private static final int PAGE = 4096;

    @TempDir
    Path data;

    private Path folder;
    private final List<Path> heaps = new ArrayList<>();

    private Derby boot() throws IOException {
        return Derby.boot(folder, data.resolve("logs/derby.log"), 4);
    }

    @BeforeEach
    void fill() throws Exception {
        folder = data.resolve("database");
        try (Derby derby = boot();
                Connection c = derby.dataSource().getConnection();
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name VARCHAR(1000))");
            for (int i = 0; i < 100; i++) s.execute("INSERT INTO things VALUES (" + i + ", '" + "x".repeat(500) + "')");
            ResultSet r = s.executeQuery("SELECT conglomeratenumber FROM sys.sysconglomerates JOIN sys.systables"
                    + " USING (tableid) WHERE tablename = 'THINGS' AND NOT isindex");
            while (r.next()) heaps.add(folder.resolve("posthorn/seg0/c" + Long.toHexString(r.getLong(1)) + ".dat"));
        }
        // As a process leaves it that died.
        Files.createFile(folder.resolve("open"));
    }

    private List<Path> files(String below) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("posthorn").resolve(below))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] octets = new byte[(int) Math.min(16, f.length() - at)];
            f.seek(at);
            f.readFully(octets);
            for (int i = 0; i < octets.length; i++) octets[i] ^= (byte) 0xFF;
            f.seek(at);
            f.write(octets);
        }
    }

    private static int things(Derby derby) throws SQLException {
        try (Connection c = derby.dataSource().getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("SELECT COUNT(*) FROM things")) {
            r.next();
            return r.getInt(1);
        }
    }

    private boolean lost() {
        return Files.exists(Wreck.note(folder));
    }

    private void begunAnew() throws Exception {
        try (Derby derby = boot();
                Connection c = derby.dataSource().getConnection();
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE things (id INTEGER)");
        }
        assertThat(folder.resolve("damaged-1/seg0")).exists();
        assertThat(folder.resolve("lost")).content().contains("damaged-1");
    }

    @Test
    void whole_it_outlives_a_process_that_died() throws Exception {
        try (Derby derby = boot()) {
            assertThat(things(derby)).isEqualTo(100);
            assertThat(lost()).isFalse();
        }
        assertThat(folder.resolve("open")).doesNotExist();
    }

    @Test
    void a_table_with_a_flipped_page_is_found_by_the_start() throws Exception {
        for (Path file : heaps) flip(file, 5 * PAGE + 1000);
        begunAnew();
    }

    @ParameterizedTest
    @ValueSource(strings = {"service.properties", "seg0/c10.dat"})
    void without_a_file_that_it_needs_another_is_begun(String name) throws Exception {
        Files.delete(folder.resolve("posthorn").resolve(name));
        begunAnew();
    }

    @Test
    void with_half_a_name_of_a_class_in_its_properties_another_is_begun() throws Exception {
        Path properties = folder.resolve("posthorn/service.properties");
        String name = "derby.serviceType=";
        cut(
                properties,
                Files.readString(properties, StandardCharsets.ISO_8859_1).indexOf(name) + name.length() + 2);
        begunAnew();
    }

    @Test
    void one_that_cannot_be_written_is_left_where_it_is() throws Exception {
        for (Path file : heaps) flip(file, 5 * PAGE + 1000);
        Path inTheWay = Files.createDirectory(folder.resolve("probe"));
        assertThatThrownBy(this::boot).isInstanceOf(IOException.class).hasMessageContaining("database");
        assertThat(folder.resolve("damaged-1")).doesNotExist();
        Files.delete(inTheWay);
        begunAnew();
    }

    @Test
    void whatever_file_of_the_log_is_cut_or_removed_it_boots_and_keeps_all_or_begins_anew() throws Exception {
        Path saved = data.resolve("saved");
        copy(folder, saved);
        for (String below : List.of("", "log"))
            for (Path file : files(below))
                for (boolean cut : List.of(true, false)) {
                    if (cut) cut(file, Files.size(file) / 2);
                    else Files.delete(file);
                    try (Derby derby = boot()) {
                        assertThat(lost() || things(derby) == 100)
                                .as(file.toString())
                                .isTrue();
                    }
                    delete(folder);
                    copy(saved, folder);
                }
    }

    private static void cut(Path file, long length) throws IOException {
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
            f.setLength(length);
        }
    }

    @Test
    void a_lost_format_costs_nothing() throws Exception {
        Files.delete(folder.resolve("format"));
        try (Derby derby = boot()) {
            assertThat(things(derby)).isEqualTo(100);
        }
        assertThat(folder.resolve("format")).exists();
    }

    @Test
    void whatever_file_is_flipped_it_boots_and_keeps_all_or_begins_anew() throws Exception {
        Path saved = data.resolve("saved");
        copy(folder, saved);
        for (String below : List.of("", "log", "seg0"))
            for (Path file : files(below)) {
                if (Files.size(file) == 0) continue;
                for (long at : List.of(0L, Files.size(file) / 2)) {
                    flip(file, at);
                    boolean lost;
                    try (Derby derby = boot()) {
                        lost = lost();
                        if (!lost)
                            assertThat(things(derby)).as(file + " at " + at).isEqualTo(100);
                    }
                    assertThat(Files.exists(folder.resolve("damaged-1"))).isEqualTo(lost);
                    delete(folder);
                    copy(saved, folder);
                }
            }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) Files.copy(path, to.resolve(from.relativize(path)));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
