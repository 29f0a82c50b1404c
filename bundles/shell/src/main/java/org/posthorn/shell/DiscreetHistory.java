package org.posthorn.shell;

import java.time.Instant;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jline.reader.impl.history.DefaultHistory;

/** The lines that were typed, but for those that may hold a password: neither the arrow keys nor the file in the home directory bring them back. */
final class DiscreetHistory extends DefaultHistory {

    private final Pattern secret;

    /** @param names of the commands behind which a password may stand, {@code scope:name} */
    DiscreetHistory(Collection<String> names) {
        // The Felix shell knows them without their scope, too, and in the middle of a line.
        secret = Pattern.compile(names.stream()
                .map(name -> name.split(":", 2))
                .map(parts ->
                        "(?<![\\w:])(?:" + Pattern.quote(parts[0] + ":") + ")?" + Pattern.quote(parts[1]) + "(?!\\w)")
                .collect(Collectors.joining("|", "", names.isEmpty() ? "(?!)" : "")));
    }

    @Override
    public void add(Instant time, String line) {
        if (!secret.matcher(line).find()) super.add(time, line);
    }
}
