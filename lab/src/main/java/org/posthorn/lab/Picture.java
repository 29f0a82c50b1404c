package org.posthorn.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The course's diagram with the mail in it, beside the last lines that were said. */
final class Picture {

    private static final int LEFT = 46;
    private static final String DIM = "\033[2m";
    private static final String HERE = "\033[1;33m";
    private static final String DONE = "\033[32m";
    private static final String CLIENT = "\033[36m";
    private static final String PLAIN = "\033[0m";
    private static final int MOST_LINES = 1000;

    private final Map<Hop, Instant> reached = new EnumMap<>(Hop.class);
    private final Map<Hop, Instant> passed = new EnumMap<>(Hop.class);
    private final List<Happening.Said> said = new ArrayList<>();

    void add(Happening one) {
        if (one instanceof Happening.Reached here) reached.put(here.hop(), here.at());
        else if (one instanceof Happening.Passed through) passed.put(through.hop(), through.at());
        else if (one instanceof Happening.Said line) said.add(line);
        if (said.size() > MOST_LINES) said.remove(0);
    }

    /** @param foot what stands below everything */
    List<String> draw(int width, int height, String foot) {
        List<String> left = stations(Math.min(LEFT, width));
        int rows = Math.max(left.size(), height - 3);
        // On a narrow terminal there are the stations alone.
        List<String> right = width < LEFT + 22 ? List.of() : dialogue(rows, width - LEFT - 2);
        List<String> lines = new ArrayList<>();
        lines.add("\033[1m" + fit("Posthorn: a mail from " + Lab.ALICE + " to " + Lab.BOB, width) + PLAIN);
        for (int i = 0; i < rows && i < height - 2; i++)
            lines.add(
                    (i < left.size() ? left.get(i) : " ".repeat(LEFT)) + "  " + (i < right.size() ? right.get(i) : ""));
        lines.add(fit(foot, width));
        return lines;
    }

    private List<String> stations(int width) {
        List<String> lines = new ArrayList<>();
        for (Hop hop : Hop.values()) {
            if (hop.ordinal() > 0) lines.add(colour(hop) + pad("        │", width) + PLAIN);
            lines.add(colour(hop) + pad(String.format("%s %-8s %s", sign(hop), hop.title, hop.place), width) + PLAIN);
        }
        return lines;
    }

    private String colour(Hop hop) {
        return passed.containsKey(hop) ? DONE : reached.containsKey(hop) ? HERE : DIM;
    }

    private String sign(Hop hop) {
        if (!passed.containsKey(hop)) return reached.containsKey(hop) ? "  ▶  " : "     ";
        return String.format("%5s", took(hop));
    }

    /** Since the mail set out. */
    private String took(Hop hop) {
        Instant begin = reached.getOrDefault(Hop.MUA, passed.get(hop));
        return String.format(
                Locale.ROOT, "%.1f✓", Duration.between(begin, passed.get(hop)).toMillis() / 1000.0);
    }

    private List<String> dialogue(int rows, int width) {
        List<String> lines = new ArrayList<>();
        for (Happening.Said one : said.subList(Math.max(0, said.size() - rows), said.size())) {
            String colour = one.from() == 'C' ? CLIENT : "";
            lines.add(DIM
                    + String.format(
                            "%-4s ",
                            one.hop()
                                    .title
                                    .substring(0, Math.min(4, one.hop().title.length())))
                    + PLAIN
                    + colour
                    + fit(one.from() + ": " + one.text(), width - 5)
                    + PLAIN);
        }
        return lines;
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text.substring(0, width) : text + " ".repeat(width - text.length());
    }

    private static String fit(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
