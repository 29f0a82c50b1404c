package org.posthorn.events;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mail.MailId;
import org.posthorn.sql.Database;
import org.posthorn.sql.Tables;

/** Stories in the database: one row a mail. What a call did is durable when it returns. */
final class Archive {

    private static final String INSERT =
            "INSERT INTO mail_story (message_key, sender_key, recipient_key, content, story_id) VALUES (?, ?, ?, ?, ?)";
    private static final String UPDATE =
            "UPDATE mail_story SET message_key = ?, sender_key = ?, recipient_key = ?, content = ? WHERE story_id = ?";
    private static final List<String> FIND = List.of(
            "SELECT story_id FROM mail_story WHERE message_key = ? ORDER BY message_key, story_id DESC",
            "SELECT story_id FROM mail_story WHERE sender_key = ? ORDER BY sender_key, story_id DESC",
            "SELECT story_id FROM mail_story WHERE recipient_key = ? ORDER BY recipient_key, story_id DESC",
            "SELECT story_id FROM mail_story_key WHERE address_key = ? ORDER BY address_key, story_id DESC");

    static final Tables TABLES = new Tables(
            "the stories",
            "mail_story_format",
            1,
            List.of(
                    "CREATE TABLE mail_story (story_id BIGINT NOT NULL PRIMARY KEY, message_key BIGINT NOT NULL,"
                            + " sender_key BIGINT NOT NULL, recipient_key BIGINT NOT NULL, content VARCHAR("
                            + Story.LONGEST + ") NOT NULL)",
                    "CREATE INDEX mail_story_message ON mail_story (message_key, story_id DESC)",
                    "CREATE INDEX mail_story_sender ON mail_story (sender_key, story_id DESC)",
                    "CREATE INDEX mail_story_recipient ON mail_story (recipient_key, story_id DESC)",
                    // Most mails have one recipient, and no row here.
                    "CREATE TABLE mail_story_key (address_key BIGINT NOT NULL, story_id BIGINT NOT NULL)",
                    "CREATE INDEX mail_story_key_address ON mail_story_key (address_key, story_id DESC)",
                    "CREATE INDEX mail_story_key_story ON mail_story_key (story_id)"));

    private final Database database;

    Archive(Database database) {
        this.database = database;
    }

    /** Writes all or none. @return how many rows there are more */
    int write(Collection<Story> stories) throws IOException {
        int more = database.change(c -> {
            List<Story> fresh = new ArrayList<>();
            List<Story> old = new ArrayList<>();
            for (Story story : stories) (story.isStored() || merged(c, story) ? old : fresh).add(story);
            put(c, INSERT, fresh);
            put(c, UPDATE, old);
            keys(c, stories);
            return fresh.size();
        });
        stories.forEach(Story::stored);
        return more;
    }

    /** Puts what was written of it before in front. @return whether something was */
    private static boolean merged(Connection c, Story story) throws SQLException {
        if (story.whole()) return false;
        Optional<Story> before = read(c, story.id().number());
        before.ifPresent(story::precede);
        return before.isPresent();
    }

    private static void put(Connection c, String sql, List<Story> stories) throws SQLException {
        if (stories.isEmpty()) return;
        try (PreparedStatement put = c.prepareStatement(sql)) {
            for (Story story : stories) {
                put.setLong(1, story.messageKey());
                put.setLong(2, story.senderKey());
                put.setLong(3, story.recipientKey());
                put.setString(4, story.text());
                put.setLong(5, story.id().number());
                put.addBatch();
            }
            put.executeBatch();
        }
    }

    private static void keys(Connection c, Collection<Story> stories) throws SQLException {
        if (stories.stream().allMatch(s -> s.freshKeys().isEmpty())) return;
        try (PreparedStatement insert =
                c.prepareStatement("INSERT INTO mail_story_key (address_key, story_id) VALUES (?, ?)")) {
            for (Story story : stories)
                for (long key : story.freshKeys()) {
                    insert.setLong(1, key);
                    insert.setLong(2, story.id().number());
                    insert.addBatch();
                }
            insert.executeBatch();
        }
    }

    Optional<Story> story(MailId id) throws IOException {
        return database.change(c -> read(c, id.number()));
    }

    private static Optional<Story> read(Connection c, long number) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("SELECT content FROM mail_story WHERE story_id = ?")) {
            select.setLong(1, number);
            ResultSet row = select.executeQuery();
            return row.next() ? Optional.of(Story.read(MailId.of(number), row.getString(1))) : Optional.empty();
        }
    }

    /** Those that have one of the keys, the newest first. */
    List<Story> find(Set<Long> keys, int most) throws IOException {
        return database.change(c -> {
            Set<Long> numbers = new TreeSet<>(Comparator.reverseOrder());
            for (String sql : FIND) for (long key : keys) numbers.addAll(numbers(c, sql, key, most));
            List<Story> found = new ArrayList<>();
            for (long number : numbers) if (found.size() < most) read(c, number).ifPresent(found::add);
            return found;
        });
    }

    private static List<Long> numbers(Connection c, String sql, long value, int most) throws SQLException {
        try (PreparedStatement select = c.prepareStatement(sql)) {
            select.setMaxRows(most);
            select.setLong(1, value);
            List<Long> numbers = new ArrayList<>();
            ResultSet rows = select.executeQuery();
            while (rows.next()) numbers.add(rows.getLong(1));
            return numbers;
        }
    }

    /** Deletes some of the oldest, as far as they are older than that. @return how many, at most {@code most} */
    int forget(MailId before, int most) throws IOException {
        return database.change(c -> {
            List<Long> oldest = numbers(
                    c, "SELECT story_id FROM mail_story WHERE story_id < ? ORDER BY story_id", before.number(), most);
            if (oldest.isEmpty()) return 0;
            long last = oldest.get(oldest.size() - 1);
            delete(c, "DELETE FROM mail_story WHERE story_id <= ?", last);
            delete(c, "DELETE FROM mail_story_key WHERE story_id <= ?", last);
            return oldest.size();
        });
    }

    private static void delete(Connection c, String sql, long last) throws SQLException {
        try (PreparedStatement delete = c.prepareStatement(sql)) {
            delete.setLong(1, last);
            delete.executeUpdate();
        }
    }

    /** Whether the database is there. */
    boolean answers() {
        try {
            return database.change(c -> c.isValid(10));
        } catch (IOException away) {
            return false;
        }
    }

    long size() throws IOException {
        return database.change(c -> {
            try (PreparedStatement count = c.prepareStatement("SELECT COUNT(*) FROM mail_story")) {
                ResultSet row = count.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }
}
