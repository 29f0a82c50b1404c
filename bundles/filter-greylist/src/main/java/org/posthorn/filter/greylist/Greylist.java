package org.posthorn.filter.greylist;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.posthorn.sql.Tables;

/** What is remembered of senders, through a connection that commits each statement. */
final class Greylist {

    /** SQLSTATE class 23, integrity constraint violation: another thread put the row in first. */
    private static final String THERE_ALREADY = "23";

    private static final long FRESH = Duration.ofHours(1).toMillis();

    /** Times are milliseconds since 1970. */
    static final Tables TABLES = new Tables(
            "the greylist",
            "greylist_format",
            1,
            List.of(
                    "CREATE TABLE greylist_triplet (triplet CHAR(64) NOT NULL PRIMARY KEY, first_seen BIGINT NOT NULL,"
                            + " last_seen BIGINT NOT NULL, passes INTEGER NOT NULL)",
                    "CREATE TABLE greylist_network (network VARCHAR(18) NOT NULL PRIMARY KEY, last_seen BIGINT NOT NULL,"
                            + " passes INTEGER NOT NULL)"));

    private final Connection connection;
    private final Rules rules;
    private final long now;

    Greylist(Connection connection, Rules rules, long now) {
        this.connection = connection;
        this.rules = rules;
        this.now = now;
    }

    private record Row(long firstSeen, long lastSeen, int passes) {}

    /** @return how many seconds it must still wait; 0 when it may pass */
    long wait(Meeting meeting) throws SQLException {
        if (trusted(meeting.network())) return 0;
        Optional<Row> row =
                row("SELECT first_seen, last_seen, passes FROM greylist_triplet WHERE triplet = ?", meeting.triplet());
        if (row.isEmpty()) return meet(meeting);
        Row known = row.get();
        if (forgotten(known)) return meetAgain(meeting);
        long wait = known.passes() > 0 ? 0 : known.firstSeen() + rules.delay().toMillis() - now;
        if (wait > 0) return seconds(wait);
        if (known.passes() == 0 || stale(known))
            update(
                    "UPDATE greylist_triplet SET passes = passes + 1, last_seen = ? WHERE triplet = ?",
                    now,
                    meeting.triplet());
        if (known.passes() == 0) count(meeting.network());
        return 0;
    }

    private boolean forgotten(Row row) {
        if (row.passes() > 0) return row.lastSeen() + rules.keep().toMillis() < now;
        return row.firstSeen() + rules.window().toMillis() < now;
    }

    private boolean trusted(String network) throws SQLException {
        if (rules.trust() == 0) return false;
        Optional<Row> row = row("SELECT last_seen, last_seen, passes FROM greylist_network WHERE network = ?", network);
        if (row.isEmpty() || row.get().passes() < rules.trust()) return false;
        if (row.get().lastSeen() + rules.keep().toMillis() < now) return false;
        if (stale(row.get())) update("UPDATE greylist_network SET last_seen = ? WHERE network = ?", now, network);
        return true;
    }

    /** What is remembered for days is not written with each mail: all of a network would wait for one row. */
    private boolean stale(Row row) {
        return row.lastSeen() + FRESH < now;
    }

    private long meet(Meeting meeting) throws SQLException {
        insert(
                "INSERT INTO greylist_triplet (first_seen, triplet, last_seen, passes) VALUES (?, ?, 0, 0)",
                meeting.triplet());
        return seconds(rules.delay().toMillis());
    }

    private long meetAgain(Meeting meeting) throws SQLException {
        update("UPDATE greylist_triplet SET first_seen = ?, passes = 0 WHERE triplet = ?", now, meeting.triplet());
        return seconds(rules.delay().toMillis());
    }

    private void count(String network) throws SQLException {
        String more = "UPDATE greylist_network SET last_seen = ?, passes = passes + 1 WHERE network = ?";
        if (update(more, now, network) == 0)
            insert("INSERT INTO greylist_network (last_seen, network, passes) VALUES (?, ?, 1)", network);
    }

    private static long seconds(long millis) {
        return Math.max(1, (millis + 999) / 1000);
    }

    /** Deletes what is forgotten. */
    int purge() throws SQLException {
        long window = now - rules.window().toMillis();
        long keep = now - rules.keep().toMillis();
        return update("DELETE FROM greylist_triplet WHERE passes = 0 AND first_seen < ?", window)
                + update("DELETE FROM greylist_triplet WHERE passes > 0 AND last_seen < ?", keep)
                + update("DELETE FROM greylist_network WHERE last_seen < ?", keep);
    }

    private Optional<Row> row(String sql, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Row(row.getLong(1), row.getLong(2), row.getInt(3)))
                        : Optional.empty();
            }
        }
    }

    private void insert(String sql, String key) throws SQLException {
        try {
            update(sql, now, key);
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(THERE_ALREADY)) throw e;
        }
    }

    private int update(String sql, long time, String... key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, time);
            for (int i = 0; i < key.length; i++) statement.setString(i + 2, key[i]);
            return statement.executeUpdate();
        }
    }
}
