package org.posthorn.shadow;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code filter:compare}. */
@Component
public final class CompareCommand implements ShellCommands {

    private static final int STANDARD = 20;
    private static final int MOST = 10_000;

    private final ShadowLedger ledger;

    /** Of that. */
    @Activate
    public CompareCommand(@Reference ShadowLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * A filter in the shadow, in numbers.
     *
     * @param open mails of which there is nothing to compare
     * @param counted mails for which its word counted
     * @param trouble why one was last skipped, or failed
     */
    record Summary(
            String filter,
            String beside,
            long agreed,
            long disagreed,
            long open,
            long skipped,
            long failed,
            long counted,
            double millisP50,
            double millisP99,
            double seconds,
            Instant since,
            String trouble) {}

    /** A mail of which it thought otherwise, or could not be judged by it. */
    record Case(
            Instant time,
            MailId mail,
            String client,
            Optional<String> sender,
            List<Address> recipients,
            String beside,
            String counted,
            String said) {}

    @Override
    public String scope() {
        return "filter";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand(
                "compare",
                "[NAME] [--limit N]",
                "Shows how filters in the shadow do, or the mails of which one thought otherwise, newest first.",
                this::compare));
    }

    private Object compare(CommandLine line) throws IOException {
        return line.word(0).isPresent() ? cases(known(line.word(0).get()), limit(line)) : summaries();
    }

    private String known(String filter) throws IOException {
        List<String> all = summaries().stream().map(Summary::filter).distinct().toList();
        if (!all.contains(filter))
            throw new IllegalArgumentException("nothing was compared of " + filter
                    + (all.isEmpty() ? ", nor of any other filter" : "; there are " + String.join(", ", all)));
        return filter;
    }

    private static int limit(CommandLine line) {
        String text = line.option("limit").orElse(String.valueOf(STANDARD));
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > MOST)
            throw new IllegalArgumentException("--limit is a number from 1 to " + MOST + ", not " + text);
        return Integer.parseInt(text);
    }

    private List<Case> cases(String filter, int most) throws IOException {
        return ledger.ask(store -> store.cases(filter, most), batch -> newest(batch, filter, most)).stream()
                .map(c -> new Case(
                        c.time(), c.mail(), c.client(), sender(c), c.recipients(), c.beside(), c.counted(), said(c)))
                .toList();
    }

    private static Optional<String> sender(Comparison c) {
        return Optional.of(c.sender().replaceAll("^<|>$", "")).filter(s -> !s.isEmpty());
    }

    private static String said(Comparison c) {
        return c.result() == Result.FAILED ? "failed: " + c.said() : c.said();
    }

    private static List<Comparison> newest(Batch batch, String filter, int most) {
        List<Comparison> cases = new ArrayList<>();
        Iterator<Comparison> newest = batch.cases().descendingIterator();
        while (newest.hasNext() && cases.size() < most) {
            Comparison next = newest.next();
            if (next.filter().equals(filter)) cases.add(next);
        }
        return cases;
    }

    private List<Summary> summaries() throws IOException {
        Map<Tally.Key, Tally> days = ledger.ask(Store::tallies, batch -> new HashMap<>(batch.tallies()));
        Map<Tally.Key, Tally> all = new HashMap<>();
        Map<Tally.Key, Long> first = new HashMap<>();
        days.forEach((key, tally) -> {
            Tally.Key ever = new Tally.Key(key.filter(), key.beside(), 0);
            all.computeIfAbsent(ever, k -> new Tally()).add(tally);
            first.merge(ever, key.day(), Math::min);
        });
        return all.entrySet().stream()
                .map(e -> summary(e.getKey(), e.getValue(), first.get(e.getKey())))
                .sorted(Comparator.comparing(Summary::filter).thenComparing(Summary::beside))
                .toList();
    }

    private static Summary summary(Tally.Key key, Tally tally, long day) {
        return new Summary(
                key.filter(),
                key.beside(),
                tally.count(Result.AGREED),
                tally.count(Result.DISAGREED),
                tally.count(Result.OPEN),
                tally.count(Result.SKIPPED),
                tally.count(Result.FAILED),
                tally.count(Result.COUNTED),
                rounded(tally.durations().percentile(50) / 1e6),
                rounded(tally.durations().percentile(99) / 1e6),
                rounded(tally.durations().sum() / 1e9),
                Instant.ofEpochSecond(day * 86_400),
                tally.trouble());
    }

    private static double rounded(double number) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", number));
    }
}
