package org.posthorn.shell;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.posthorn.api.mail.Printable;

/** Values as people read them: a list of records as a table, one record as its fields, anything else as it is. */
final class Table {

    private final boolean colour;

    /** @param colour whether heads may be made bold */
    Table(boolean colour) {
        this.colour = colour;
    }

    String of(Object value) {
        if (value instanceof Collection<?> all) return list(all);
        if (value instanceof Record) return fields(Fields.of(value));
        if (value instanceof Map<?, ?> map) return fields(map);
        return value instanceof String text ? Printable.lines(text) : cell(value);
    }

    private String list(Collection<?> all) {
        if (all.isEmpty()) return "nothing";
        if (!all.stream().allMatch(Record.class::isInstance))
            return all.stream().map(Table::cell).collect(Collectors.joining("\n"));
        List<List<String>> rows = new ArrayList<>();
        for (Object row : all) {
            Map<String, Object> fields = Fields.of(row);
            if (rows.isEmpty())
                rows.add(fields.keySet().stream().map(Table::head).toList());
            rows.add(fields.values().stream().map(Table::cell).toList());
        }
        return rows(rows, true);
    }

    private String fields(Map<?, ?> fields) {
        List<List<String>> rows = new ArrayList<>();
        fields.forEach((name, value) -> rows.add(List.of(head(name.toString()), cell(value))));
        return rows(rows, false);
    }

    private String rows(List<List<String>> rows, boolean headed) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) lines.add(line(row, widths));
        if (headed && colour) lines.set(0, "\033[1m" + lines.get(0) + "\033[0m");
        return String.join("\n", lines);
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++)
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        return line.toString().stripTrailing();
    }

    /** {@code lastReply} as {@code last reply}. */
    private static String head(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
    }

    private static String cell(Object value) {
        if (value == null) return "-";
        if (value instanceof Instant instant)
            return instant.truncatedTo(ChronoUnit.SECONDS).toString();
        if (value instanceof Collection<?> all)
            return all.stream().map(Table::cell).collect(Collectors.joining(", "));
        // What a stranger put into a mail must not steer the terminal.
        return Printable.line(value.toString());
    }
}
