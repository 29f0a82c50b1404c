package org.posthorn.testkit;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A talk written down. Each line begins with what it is:
 *
 * <pre>
 * # a comment; the first line says what the script guards against
 * C: sent, with CRLF behind it
 * C| sent as it is; \r \n \t \\ and \xHH stand for octets
 * S: must come, to the letter; {*} in it stands for anything, {name} for anything that is then known by that name
 * S~ a regular expression that the whole line must match
 * S+ lines are passed over up to one like this (written as after S:)
 * S! the server must have closed
 * T: both sides go over to TLS
 * Z: both sides go over to compression
 * Z! both sides end it
 * </pre>
 *
 * A {@code ${name}} anywhere is what was captured, or given to {@link #with}.
 */
public final class Script {

    private final Map<String, String> known = new HashMap<>();
    private final List<String> lines;

    private Script(List<String> lines) {
        this.lines = lines;
    }

    /** The script that this text is. */
    public static Script of(String text) {
        return new Script(text.lines().toList());
    }

    /** Gives a name a meaning. */
    public Script with(String name, String value) {
        known.put(name, value);
        return this;
    }

    /** What was captured. */
    public String known(String name) {
        return known.get(name);
    }

    /** Talks it through; what is not as written is an AssertionError that names the line. */
    public void run(Line line) throws IOException {
        for (int i = 0; i < lines.size(); i++) {
            String step = lines.get(i);
            if (step.isBlank() || step.startsWith("#")) continue;
            try {
                step(line, step.substring(0, 2), resolve(step.length() > 2 ? step.substring(3) : ""));
            } catch (IOException | AssertionError e) {
                throw new AssertionError("line " + (i + 1) + ": " + step + "\n  " + e.getMessage(), e);
            }
        }
    }

    private void step(Line line, String kind, String text) throws IOException {
        switch (kind) {
            case "C:" -> line.send(text + "\r\n");
            case "C|" -> line.send(unescape(text));
            case "S:" -> match(pattern(text), line.read());
            case "S~" -> match(Pattern.compile(text), line.read());
            case "S+" -> passOver(pattern(text), line);
            case "S!" -> match(Pattern.compile("closed"), closed(line));
            case "T:" -> line.startTls();
            case "Z:" -> line.compress();
            case "Z!" -> line.uncompress();
            default -> throw new IllegalArgumentException("no such step: " + kind);
        }
    }

    private static String closed(Line line) {
        try {
            String more = line.read();
            return more == null ? "closed" : more;
        } catch (IOException reset) {
            return "closed";
        }
    }

    private void passOver(Pattern wanted, Line line) throws IOException {
        String next = line.read();
        while (next != null && !wanted.matcher(next).matches()) next = line.read();
        match(wanted, next);
    }

    private void match(Pattern wanted, String came) {
        if (came == null) throw new AssertionError("the server has closed");
        Matcher matcher = wanted.matcher(came);
        if (!matcher.matches()) throw new AssertionError("but came: " + came);
        Matcher names = Pattern.compile("\\(\\?<(\\w+)>").matcher(wanted.pattern());
        while (names.find()) known.put(names.group(1), matcher.group(names.group(1)));
    }

    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        Matcher holes = Pattern.compile("\\{(\\*|[a-z]\\w*)}").matcher(text);
        int done = 0;
        while (holes.find()) {
            regex.append(Pattern.quote(text.substring(done, holes.start())));
            regex.append(holes.group(1).equals("*") ? ".*" : "(?<" + holes.group(1) + ">.*)");
            done = holes.end();
        }
        return Pattern.compile(regex.append(Pattern.quote(text.substring(done))).toString());
    }

    private String resolve(String text) {
        String resolved = text;
        for (Map.Entry<String, String> e : known.entrySet())
            resolved = resolved.replace("${" + e.getKey() + "}", e.getValue());
        return resolved;
    }

    private static String unescape(String text) {
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) octets.append(c);
            else {
                char escaped = text.charAt(++i);
                switch (escaped) {
                    case 'r' -> octets.append('\r');
                    case 'n' -> octets.append('\n');
                    case 't' -> octets.append('\t');
                    case 'x' -> octets.append((char) Integer.parseInt(text.substring(i + 1, (i += 2) + 1), 16));
                    default -> octets.append(escaped);
                }
            }
        }
        return octets.toString();
    }
}
