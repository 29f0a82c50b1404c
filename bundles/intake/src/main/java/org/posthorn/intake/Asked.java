package org.posthorn.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Recipient;

/**
 * What the filters of the chain were asked in one go, and what they said.
 *
 * @param recipient whom it was about, at that stage
 * @param before how many recipients of the mail had been accepted before
 * @param found what had been found before
 * @param said in the order of the chain, up to the one that refused or discarded
 * @param answered false when one failed, so that nothing counts
 */
record Asked(
        Stage stage,
        Optional<Recipient> recipient,
        int before,
        List<Finding> found,
        List<Judges.Said> said,
        boolean answered) {

    Asked {
        found = List.copyOf(found);
        said = List.copyOf(said);
    }

    /** What had been found when it was the turn of the filter at that place. */
    List<Finding> foundBefore(List<String> chain, int place) {
        List<Finding> all = new ArrayList<>(found);
        for (Judges.Said one : said)
            if (chain.indexOf(one.filter()) < place && one.verdict() instanceof Verdict.Pass pass)
                all.addAll(pass.findings());
        return all;
    }

    /** What the filter at that place said; empty when it did not come to speak. Who has no opinion passes. */
    Optional<List<Verdict>> of(List<String> chain, int place) {
        if (!answered) return Optional.empty();
        List<Verdict> own = new ArrayList<>();
        for (Judges.Said one : said) {
            int speaker = chain.indexOf(one.filter());
            if (speaker == place) own.add(one.verdict());
            if (speaker < place && Kind.last(one.verdict())) return Optional.empty();
        }
        return Optional.of(own);
    }

    /** Octets that it takes in memory, and rather more than less. */
    long size() {
        long texts = recipient.map(r -> r.toString().length()).orElse(0);
        for (Judges.Said one : said) texts += 200 + one.verdict().toString().length();
        return 300 + 8L * found.size() + 2 * texts;
    }

    /** Where that was, in words. */
    String where() {
        return switch (stage) {
            case MAIL -> "MAIL";
            case RECIPIENT -> "RCPT <" + recipient.orElseThrow().address() + ">";
            case MESSAGE -> "DATA";
        };
    }
}
