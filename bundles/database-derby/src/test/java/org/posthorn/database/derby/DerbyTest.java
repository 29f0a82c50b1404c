package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerbyTest {

    @TempDir
    Path data;

    private Derby boot() throws IOException {
        return Derby.boot(data.resolve("database"), data.resolve("logs/derby.log"), 4);
    }

    private static void run(DataSource source, String sql) throws SQLException {
        try (Connection c = source.getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private static int count(DataSource source) throws SQLException {
        try (Connection c = source.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("SELECT COUNT(*) FROM things")) {
            r.next();
            return r.getInt(1);
        }
    }

    @Test
    void what_was_committed_is_there_after_a_restart_and_what_was_not_is_rolled_back() throws Exception {
        try (Derby first = boot()) {
            run(first.dataSource(), "CREATE TABLE things (name VARCHAR(10))");
            run(first.dataSource(), "INSERT INTO things VALUES ('kept')");
            try (Connection c = first.dataSource().getConnection();
                    Statement s = c.createStatement()) {
                c.setAutoCommit(false);
                s.execute("INSERT INTO things VALUES ('lost')");
            }
            assertThat(count(first.dataSource())).isEqualTo(1);
        }
        try (Derby second = boot()) {
            assertThat(count(second.dataSource())).isEqualTo(1);
        }
        assertThat(data.resolve("logs/derby.log")).exists();
        assertThat(System.getProperty("derby.system.home")).isNull();
    }

    @Test
    void a_second_process_is_told_in_one_line_that_the_database_is_in_use() throws Exception {
        try (Derby first = boot()) {
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            SecondProcess.class.getName(),
                            data.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(other.getInputStream().readAllBytes()).strip();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said).endsWith("database is in use by another process; stop that first");
            run(first.dataSource(), "CREATE TABLE things (name VARCHAR(10))");
        }
    }

    @Test
    void what_could_only_be_read_is_written_when_that_is_possible_again() throws Exception {
        try (Derby first = boot()) {
            run(first.dataSource(), "CREATE TABLE things (name VARCHAR(10))");
        }
        // Derby that cannot have its lock lets the database be read only.
        Path lock = data.resolve("database/posthorn/db.lck");
        Files.deleteIfExists(lock);
        Files.createDirectory(lock);
        Path inTheWay = Files.createDirectory(data.resolve("database/probe"));
        try (Derby second = boot()) {
            assertThat(count(second.dataSource())).isZero();
            assertThatThrownBy(() -> run(second.dataSource(), "INSERT INTO things VALUES ('lost')"))
                    .isInstanceOf(SQLException.class);
            Files.delete(lock);
            Files.delete(inTheWay);
            run(second.dataSource(), "INSERT INTO things VALUES ('kept')");
            assertThat(count(second.dataSource())).isEqualTo(1);
        }
    }

    @Test
    void a_database_of_a_newer_form_is_left_alone() throws Exception {
        boot().close();
        Files.writeString(data.resolve("database/format"), "posthorn-database 9\n");
        assertThatThrownBy(this::boot).isInstanceOf(IOException.class).hasMessageContaining("posthorn-database 9");
    }

    @Test
    void a_half_made_database_is_set_aside() throws Exception {
        Files.createDirectories(data.resolve("database/posthorn/seg0"));
        try (Derby derby = boot()) {
            run(derby.dataSource(), "CREATE TABLE things (name VARCHAR(10))");
        }
        assertThat(data.resolve("database/unfinished-1/seg0")).exists();
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws Exception {
        Files.writeString(data.resolve("database"), "in the way");
        assertThatThrownBy(this::boot).isInstanceOf(IOException.class).hasMessageContaining("database");
    }

    @Test
    void a_stopped_database_leaves_no_thread_of_its_own() throws Exception {
        boot().close();
        List<Thread> left = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("derby."))
                .toList();
        // Told to end, they do so in a moment.
        for (Thread thread : left) thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(left).noneMatch(Thread::isAlive);
    }
}
