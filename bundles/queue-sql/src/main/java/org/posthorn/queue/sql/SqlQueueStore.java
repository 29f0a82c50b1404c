package org.posthorn.queue.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.queue.QueuedMailText;
import org.posthorn.sql.Database;
import org.posthorn.sql.Tables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waiting mail in a database: when it is due in columns, the rest as text in pieces, which every database can hold. */
@Component(property = "name=sql")
public final class SqlQueueStore implements QueueStore {

    private static final Logger LOG = LoggerFactory.getLogger(SqlQueueStore.class);

    private static final Tables TABLES = new Tables(
            "the queue",
            "queue_format",
            1,
            List.of(
                    "CREATE TABLE queue_mail (mail_id CHAR(13) NOT NULL PRIMARY KEY, next_try BIGINT NOT NULL,"
                            + " held SMALLINT NOT NULL)",
                    "CREATE INDEX queue_mail_due ON queue_mail (held, next_try)",
                    "CREATE TABLE queue_text (mail_id CHAR(13) NOT NULL, piece INTEGER NOT NULL, content VARCHAR("
                            + Pieces.LONGEST + ") NOT NULL, PRIMARY KEY (mail_id, piece))"));

    /** What stands in {@code held}: nothing of the kind, by a person, and until the time that its sender has set. */
    private static final short FREE = 0;

    private static final short HELD = 1;
    private static final short WISHED = 2;
    private static final String NOT_HELD = "held IN (" + FREE + ", " + WISHED + ")";

    private final Database database = new Database(TABLES, Duration.ZERO);

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSource(DataSource source, Map<String, Object> properties) {
        database.add(source, properties);
    }

    void removeSource(DataSource source) {
        database.remove(source);
    }

    @Override
    public void put(QueuedMail mail) throws IOException {
        database.change(c -> {
            String id = mail.id().text();
            short held = mail.held() ? HELD : mail.wished() ? WISHED : FREE;
            long next = mail.next().toEpochMilli();
            deleteText(c, id);
            if (update(c, "UPDATE queue_mail SET next_try = ?, held = ? WHERE mail_id = ?", next, held, id) == 0)
                update(c, "INSERT INTO queue_mail (next_try, held, mail_id) VALUES (?, ?, ?)", next, held, id);
            insertText(c, id, Pieces.of(QueuedMailText.write(mail)));
            return null;
        });
    }

    private static void insertText(Connection c, String id, List<String> pieces) throws SQLException {
        String sql = "INSERT INTO queue_text (mail_id, piece, content) VALUES (?, ?, ?)";
        try (PreparedStatement insert = c.prepareStatement(sql)) {
            for (int i = 0; i < pieces.size(); i++) {
                insert.setString(1, id);
                insert.setInt(2, i);
                insert.setString(3, pieces.get(i));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void deleteText(Connection c, String id) throws SQLException {
        update(c, "DELETE FROM queue_text WHERE mail_id = ?", id);
    }

    @Override
    public Optional<QueuedMail> get(MailId id) throws IOException {
        return database.ask(c -> read(c, id.text()));
    }

    /** Empty when there is none, or one that is damaged. */
    private static Optional<QueuedMail> read(Connection c, String id) throws SQLException {
        List<String> pieces = strings(c, "SELECT content FROM queue_text WHERE mail_id = ? ORDER BY piece", 0, id);
        if (pieces.isEmpty()) return Optional.empty();
        try {
            return Optional.of(QueuedMailText.read(String.join("", pieces)));
        } catch (IOException damaged) {
            // Held, it stays for a person to look at and stands in nobody's way.
            int held = update(c, "UPDATE queue_mail SET held = 1 WHERE mail_id = ? AND " + NOT_HELD, id);
            if (held > 0) LOG.error("The queue's record of {} is damaged ({}); it is held.", id, damaged.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void remove(MailId id) throws IOException {
        database.change(c -> {
            deleteText(c, id.text());
            return update(c, "DELETE FROM queue_mail WHERE mail_id = ?", id.text());
        });
    }

    @Override
    public List<QueuedMail> due(Instant now, int most) throws IOException {
        String sql =
                "SELECT mail_id FROM queue_mail WHERE " + NOT_HELD + " AND next_try <= ? ORDER BY next_try, mail_id";
        return database.ask(c -> readAll(c, strings(c, sql, most, now.toEpochMilli())));
    }

    @Override
    public List<QueuedMail> dueAfter(Instant horizon, int most) throws IOException {
        String sql = "SELECT mail_id FROM queue_mail WHERE held = 0 AND next_try > ?";
        return database.ask(c -> readAll(c, strings(c, sql, most, horizon.toEpochMilli())));
    }

    @Override
    public Optional<Instant> nextDue() throws IOException {
        return database.ask(c -> number(c, "SELECT MIN(next_try) FROM queue_mail WHERE " + NOT_HELD))
                .map(Instant::ofEpochMilli);
    }

    @Override
    public List<QueuedMail> list(Optional<MailId> after, int most) throws IOException {
        String sql = "SELECT mail_id FROM queue_mail WHERE mail_id > ? ORDER BY mail_id";
        return database.ask(
                c -> readAll(c, strings(c, sql, most, after.map(MailId::text).orElse(""))));
    }

    private static List<QueuedMail> readAll(Connection c, List<String> ids) throws SQLException {
        List<QueuedMail> mails = new ArrayList<>();
        for (String id : ids) read(c, id).ifPresent(mails::add);
        return mails;
    }

    @Override
    public long size() throws IOException {
        return database.ask(c -> number(c, "SELECT COUNT(*) FROM queue_mail")).orElse(0L);
    }

    private static int update(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    private static List<String> strings(Connection c, String sql, int most, Object... values) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            statement.setMaxRows(most);
            set(statement, values);
            List<String> found = new ArrayList<>();
            ResultSet rows = statement.executeQuery();
            while (rows.next()) found.add(rows.getString(1));
            return found;
        }
    }

    private static Optional<Long> number(Connection c, String sql) throws SQLException {
        try (PreparedStatement statement = c.prepareStatement(sql)) {
            ResultSet row = statement.executeQuery();
            row.next();
            long number = row.getLong(1);
            return row.wasNull() ? Optional.empty() : Optional.of(number);
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
    }
}
