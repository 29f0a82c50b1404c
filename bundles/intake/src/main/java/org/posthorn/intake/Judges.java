package org.posthorn.intake;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;

/** Asks filters under the watchdog. What cannot be answered is never taken for a pass. */
record Judges(Watchdog watchdog) {

    /** What is asked of each filter. @param before what was found up to here */
    @FunctionalInterface
    interface Question {
        Verdict ask(MailFilter filter, List<Finding> before) throws IOException;
    }

    /** One question to one filter. */
    record Step(Chain.Link link, Moment moment, Question question) {}

    /** What a filter said. */
    record Said(Chain.Link link, Moment moment, Verdict verdict, Duration took) {

        String filter() {
            return link.name();
        }
    }

    /** What the watchdog calls a filter. */
    static String plugin(String filter) {
        return "filter " + filter;
    }

    /**
     * Asks until one refuses or discards.
     *
     * @param found what was found before
     * @param hears each word as soon as it is said, on another thread
     */
    List<Said> ask(List<Step> steps, List<Finding> found, Consumer<Said> hears) throws NoVerdict {
        return steps.isEmpty() ? List.of() : watchdog.watch(turn -> ask(steps, new ArrayList<>(found), hears, turn));
    }

    private static List<Said> ask(List<Step> steps, List<Finding> found, Consumer<Said> hears, Watchdog.Turn turn)
            throws NoVerdict {
        List<Said> all = new ArrayList<>(steps.size());
        for (Step step : steps) {
            Said said = ask(step, found, turn);
            all.add(said);
            hears.accept(said);
            if (said.verdict() instanceof Verdict.Refuse || said.verdict() instanceof Verdict.Discard) break;
            if (said.verdict() instanceof Verdict.Pass pass) found.addAll(pass.findings());
        }
        return all;
    }

    private static Said ask(Step step, List<Finding> found, Watchdog.Turn turn) throws NoVerdict {
        String filter = step.link().name();
        turn.of(plugin(filter));
        long begun = System.nanoTime();
        try {
            Verdict verdict = step.question().ask(step.link().filter(), found);
            if (verdict == null) throw turn.failed("it said nothing at all");
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return new Said(step.link(), step.moment(), verdict, took);
        } catch (IOException e) {
            throw turn.failed(e.toString());
        }
    }
}
