package org.posthorn.replay;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.ChainTrial;
import org.posthorn.api.intake.Judgement;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/** What would change, and how much mail it is. Memory holds so many changes and no mail. */
final class Report implements Shelves.Visitor {

    private static final int MOST_CHANGES = 1000;
    private static final int EVERY = 1000;
    private static final int ENOUGH_FAILURES = 10;

    /** A mail that would fare otherwise. */
    record Change(
            Address account,
            String mailbox,
            long uid,
            MailId mail,
            Instant arrived,
            Optional<Address> sender,
            String then,
            String now) {}

    private final ChainTrial trial;
    private final long limit;
    private final Consumer<String> told;
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private long mails;
    private long changed;
    private long foreign;
    private long failed;
    private int failedInARow;
    private String trouble = "";

    /** @param limit so many mails @param told takes lines on how far it is */
    Report(ChainTrial trial, long limit, Consumer<String> told) {
        this.trial = trial;
        this.limit = limit;
        this.told = told;
    }

    List<Change> changes() {
        return changes;
    }

    @Override
    public boolean visit(Shelves.Found found) throws IOException {
        Optional<DeliveredMail> mail =
                DeliveredMail.of(found.message(), found.entry().internalDate());
        if (mail.isEmpty()) foreign++;
        else judge(found, mail.get());
        if (mails > 0 && mails % EVERY == 0 && mail.isPresent()) told.accept(summary());
        return mails < limit && !Thread.currentThread().isInterrupted();
    }

    private void judge(Shelves.Found found, DeliveredMail mail) {
        mails++;
        Judgement judgement = trial.judge(mail.mail());
        if (!judgement.trouble().isEmpty()) {
            fail(judgement.trouble());
            return;
        }
        failedInARow = 0;
        String kind = kind(judgement.verdict());
        outcomes.merge(kind, 1L, Long::sum);
        boolean same = kind.equals(found.junk() ? "junk" : "pass") && sameFindings(mail, judgement);
        if (same) return;
        changed++;
        if (changes.size() < MOST_CHANGES) changes.add(change(found, mail, judgement));
    }

    private void fail(String why) {
        failed++;
        trouble = why;
        if (++failedInARow >= ENOUGH_FAILURES)
            throw new IllegalArgumentException("given up after " + failedInARow
                    + " mails in a row that could not be judged, the last of which: " + why);
    }

    /** A method that is new, or gone, is no change of the mail's; another result is. */
    private static boolean sameFindings(DeliveredMail mail, Judgement judgement) {
        return judgement.findings().stream()
                .allMatch(f -> f.result().equals(mail.findings().getOrDefault(f.method(), f.result())));
    }

    private static Change change(Shelves.Found found, DeliveredMail mail, Judgement judgement) {
        String then = (found.junk() ? "junk" : "pass") + words(mail.findings());
        Map<String, String> findings = new TreeMap<>();
        for (Finding finding : judgement.findings()) findings.put(finding.method(), finding.result());
        return new Change(
                found.account(),
                found.mailbox(),
                found.entry().uid(),
                mail.mail().id(),
                found.entry().internalDate(),
                mail.mail().envelope().sender(),
                then,
                now(judgement) + words(findings));
    }

    private static String words(Map<String, String> findings) {
        if (findings.isEmpty()) return "";
        TreeSet<String> words = new TreeSet<>();
        findings.forEach((method, result) -> words.add(method + "=" + result));
        return " (" + String.join(", ", words) + ")";
    }

    private static String now(Judgement judgement) {
        String by = judgement.filter().replaceFirst("[.-]" + BundleCopy.QUALIFIER + "$", "") + ": ";
        Verdict verdict = judgement.verdict();
        if (verdict instanceof Verdict.Quarantine quarantine) return by + "junk: " + quarantine.reason();
        if (verdict instanceof Verdict.Discard discard) return by + "discard: " + discard.reason();
        return verdict instanceof Verdict.Refuse refuse ? by + refuse.reply() : "pass";
    }

    private static String kind(Verdict verdict) {
        if (verdict instanceof Verdict.Quarantine) return "junk";
        if (verdict instanceof Verdict.Discard) return "discarded";
        if (verdict instanceof Verdict.Refuse refuse) return refuse.reply().permanentFailure() ? "refused" : "put off";
        return "pass";
    }

    /** In one line. */
    String summary() {
        StringBuilder text = new StringBuilder()
                .append(mails)
                .append(" mails, ")
                .append(changed)
                .append(" would fare otherwise");
        if (!outcomes.isEmpty()) text.append("; now: ");
        List<String> all = new ArrayList<>();
        outcomes.forEach((kind, count) -> all.add(count + " " + kind));
        text.append(String.join(", ", all));
        if (failed > 0)
            text.append("; ")
                    .append(failed)
                    .append(" not judged, the last of which: ")
                    .append(trouble);
        if (foreign > 0) text.append("; ").append(foreign).append(" left out that did not come in from outside");
        if (changed > changes.size())
            text.append("; the first ").append(changes.size()).append(" are shown");
        return text.toString();
    }
}
