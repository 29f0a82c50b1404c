package org.posthorn.filter.greylist;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What is remembered of senders, through a connection that commits each statement. */
final class Greylist {

    /** SQLSTATE class 23, integrity constraint violation: another thread put the row in first. */
    private static final String THERE_ALREADY = "23";

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
        update("UPDATE greylist_network SET last_seen = ? WHERE network = ?", now, network);
        return true;
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
