package org.posthorn.shadow;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.sql.Tables;

/** Reads and writes the tables through a connection whose transaction is the caller's. */
record Store(Connection connection) {

    /** Times are milliseconds, days are days, since 1970. */
    static final Tables TABLES = new Tables(
            "filters in the shadow",
            "shadow_format",
            1,
            List.of(
                    "CREATE TABLE shadow_tally (shadow VARCHAR(1000) NOT NULL, beside VARCHAR(1000) NOT NULL,"
                            + " tally_day BIGINT NOT NULL, agreed BIGINT NOT NULL, disagreed BIGINT NOT NULL,"
                            + " undecided BIGINT NOT NULL, skipped BIGINT NOT NULL, failed BIGINT NOT NULL,"
                            + " counted BIGINT NOT NULL, nanos BIGINT NOT NULL, durations VARCHAR(8000) NOT NULL,"
                            + " trouble VARCHAR(1000) NOT NULL, troubled BIGINT NOT NULL)",
                    "CREATE TABLE shadow_case (seen BIGINT NOT NULL, mail CHAR(13) NOT NULL,"
                            + " shadow VARCHAR(1000) NOT NULL, beside VARCHAR(1000) NOT NULL, result VARCHAR(20) NOT NULL,"
                            + " client VARCHAR(1000) NOT NULL, sender VARCHAR(1000) NOT NULL,"
                            + " recipients VARCHAR(8000) NOT NULL, counted VARCHAR(1000) NOT NULL,"
                            + " said VARCHAR(1000) NOT NULL, nanos BIGINT NOT NULL)",
                    "CREATE INDEX shadow_case_seen ON shadow_case (seen)"));

    /** Longer texts are cut. */
    private static final int TEXT = 1000;

    private static final String KEY = " WHERE shadow = ? AND beside = ? AND tally_day = ?";
    private static final String COUNTS = "agreed, disagreed, undecided, skipped, failed, counted";
    private static final int RECIPIENTS = 8000;

    void write(Batch batch) throws SQLException {
        for (Map.Entry<Tally.Key, Tally> one : batch.tallies().entrySet()) write(one.getKey(), one.getValue());
        write(batch.cases());
    }

    private void write(Tally.Key key, Tally more) throws SQLException {
        Tally all = new Tally();
        all.add(more);
        Map<Tally.Key, Tally> before =
                tallies("SELECT * FROM shadow_tally" + KEY, key.filter(), key.beside(), key.day());
        before.values().forEach(all::add);
        String sql = before.isEmpty()
                ? "INSERT INTO shadow_tally (" + COUNTS
                        + ", nanos, durations, trouble, troubled, shadow, beside, tally_day)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                : "UPDATE shadow_tally SET agreed = ?, disagreed = ?, undecided = ?, skipped = ?, failed = ?,"
                        + " counted = ?, nanos = ?, durations = ?, trouble = ?, troubled = ?" + KEY;
        List<Object> values = new ArrayList<>();
        for (Result result : Result.values()) values.add(all.count(result));
        values.add(all.durations().sum());
        values.add(all.durations().text());
        values.add(cut(all.trouble(), TEXT));
        values.add(all.troubled().toEpochMilli());
        values.addAll(List.of(key.filter(), key.beside(), key.day()));
        update(sql, values.toArray());
    }

    private void write(Collection<Comparison> cases) throws SQLException {
        if (cases.isEmpty()) return;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO shadow_case (seen, mail, shadow,"
                + " beside, result, client, sender, recipients, counted, said, nanos)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Comparison c : cases) {
                String recipients =
                        c.recipients().stream().map(Address::toString).collect(Collectors.joining(" "));
                set(
                        insert,
                        c.time().toEpochMilli(),
                        c.mail().text(),
                        c.filter(),
                        c.beside(),
                        c.result().name(),
                        c.client(),
                        cut(c.sender(), TEXT),
                        cut(recipients, RECIPIENTS),
                        cut(c.counted(), TEXT),
                        cut(c.said(), TEXT),
                        c.took().toNanos());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** All there are. */
    Map<Tally.Key, Tally> tallies() throws SQLException {
        return tallies("SELECT * FROM shadow_tally");
    }

    private Map<Tally.Key, Tally> tallies(String sql, Object... values) throws SQLException {
        Map<Tally.Key, Tally> all = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next())
                    all.put(
                            new Tally.Key(row.getString("shadow"), row.getString("beside"), row.getLong("tally_day")),
                            tally(row));
            }
        }
        return all;
    }

    private static Tally tally(ResultSet row) throws SQLException {
        String[] columns = COUNTS.split(", ");
        long[] counts = new long[columns.length];
        for (int i = 0; i < columns.length; i++) counts[i] = row.getLong(columns[i]);
        Durations durations = Durations.of(row.getString("durations"), row.getLong("nanos"));
        return Tally.of(counts, durations, row.getString("trouble"), Instant.ofEpochMilli(row.getLong("troubled")));
    }

    /** The newest of a filter, newest first. */
    List<Comparison> cases(String filter, int most) throws SQLException {
        List<Comparison> cases = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM shadow_case WHERE shadow = ?"
                + " ORDER BY seen DESC, mail DESC FETCH FIRST " + most + " ROWS ONLY")) {
            set(statement, filter);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) cases.add(comparison(row));
            }
        }
        return cases;
    }

    private static Comparison comparison(ResultSet row) throws SQLException {
        List<Address> recipients = new ArrayList<>();
        for (String word : row.getString("recipients").split(" "))
            Address.parse(word).ifPresent(recipients::add);
        return new Comparison(
                row.getString("shadow"),
                row.getString("beside"),
                Result.valueOf(row.getString("result")),
                Instant.ofEpochMilli(row.getLong("seen")),
                new MailId(row.getString("mail")),
                row.getString("client"),
                row.getString("sender"),
                recipients,
                row.getString("counted"),
                row.getString("said"),
                Duration.ofNanos(row.getLong("nanos")));
    }

    /** Deletes what is older, and the oldest cases above so many. */
    void purge(Instant before, int most) throws SQLException {
        update("DELETE FROM shadow_tally WHERE tally_day < ?", Math.floorDiv(before.getEpochSecond(), 86_400L));
        update("DELETE FROM shadow_case WHERE seen < ?", before.toEpochMilli());
        try (PreparedStatement statement = connection.prepareStatement("SELECT seen FROM shadow_case"
                        + " ORDER BY seen DESC OFFSET " + most + " ROWS FETCH NEXT 1 ROWS ONLY");
                ResultSet row = statement.executeQuery()) {
            if (row.next()) update("DELETE FROM shadow_case WHERE seen <= ?", row.getLong(1));
        }
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    private void update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            statement.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
    }
}
