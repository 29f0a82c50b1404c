package org.posthorn.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.testkit.QueueStoreContract;

class SqlQueueStoreTest extends QueueStoreContract {

    static {
        System.setProperty("derby.stream.error.file", "target/derby.log");
    }

    private final EmbeddedDataSource derby = derby();

    private static EmbeddedDataSource derby() {
        EmbeddedDataSource source = new EmbeddedDataSource();
        source.setDatabaseName("memory:" + UUID.randomUUID());
        source.setCreateDatabase("create");
        return source;
    }

    @Override
    protected QueueStore open() {
        SqlQueueStore store = new SqlQueueStore();
        store.addSource(derby, Map.of());
        return store;
    }

    @Override
    protected Optional<QueueStore> reopen() {
        return Optional.of(open());
    }

    @AfterEach
    void drop() {
        derby.setCreateDatabase(null);
        derby.setConnectionAttributes("drop=true");
        // Derby answers a successful drop with an exception, 08006; XJ004 when no test opened the database.
        assertThatThrownBy(derby::getConnection)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isIn("08006", "XJ004"));
    }

    @Test
    void without_a_database_a_call_says_so() {
        assertThatThrownBy(() -> new SqlQueueStore().size())
                .isInstanceOf(IOException.class)
                .hasMessage("there is no database");
    }

    @Test
    void tables_of_a_newer_format_are_left_alone() throws Exception {
        open().size();
        execute("UPDATE queue_format SET version = 2");
        assertThatThrownBy(() -> open().size())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("made by a newer Posthorn");
    }

    @Test
    void a_damaged_mail_is_held_and_in_nobodys_way_and_the_queue_is_told_of_none() throws Exception {
        QueueStore store = open();
        store.size();
        execute("INSERT INTO queue_mail (mail_id, next_try, held) VALUES ('0000000000001', 0, 0)");
        execute("INSERT INTO queue_text (mail_id, piece, content) VALUES ('0000000000001', 0, 'rubbish')");
        assertThat(store.get(MailId.of(1))).isEmpty();
        assertThat(store.nextDue()).isEmpty();
        execute("UPDATE queue_mail SET held = 0");
        assertThat(store.due(Instant.ofEpochMilli(5), 10)).isEmpty();
        assertThat(store.nextDue()).isEmpty();
    }

    @Test
    void a_database_that_is_replaced_gets_its_tables_too() throws Exception {
        SqlQueueStore store = new SqlQueueStore();
        store.addSource(derby, Map.of());
        assertThat(store.size()).isZero();
        DataSource other = derby();
        store.addSource(other, Map.of("service.ranking", 1));
        assertThat(store.size()).isZero();
    }

    @Test
    void pieces_never_part_a_surrogate_pair() {
        String text = "x".repeat(Pieces.LONGEST - 1) + "\uD83D\uDCEF" + "y";
        assertThat(Pieces.of(text))
                .containsExactlyElementsOf(List.of("x".repeat(Pieces.LONGEST - 1), "\uD83D\uDCEF" + "y"));
    }

    private void execute(String sql) throws SQLException {
        try (Connection c = derby.getConnection();
                Statement statement = c.createStatement()) {
            statement.execute(sql);
        }
    }
}
