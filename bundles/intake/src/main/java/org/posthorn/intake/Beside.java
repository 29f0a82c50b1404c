package org.posthorn.intake;

import java.util.List;
import java.util.Optional;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;
import org.posthorn.api.filter.Verdict;

/** Holds what a filter in the shadow said against what counted. */
record Beside(SeenMail mail, Chain.Link link, Hearing.Testimony testimony) {

    Comparison compare() {
        int place = mail.counterpart(link.name());
        return place < 0 ? withChain() : withFilter(place);
    }

    /** Another version of it: answer by answer, findings included. */
    private Comparison withFilter(int place) {
        Result result = Result.OPEN;
        for (int i = 0; i < testimony.verdicts().size(); i++) {
            Asked asked = mail.asked().get(i);
            Optional<List<Verdict>> other = asked.of(mail.chain(), place);
            // Where neither has an opinion they do not agree on anything.
            if (other.isEmpty()
                    || other.get().isEmpty() && testimony.verdicts().get(i).isEmpty()) continue;
            Word counted = Word.of(asked.where() + ": ", other.get());
            Word said = Word.of("", testimony.verdicts().get(i));
            if (!counted.same(said)) return comparison(Result.DISAGREED, counted.text(), said.text());
            result = Result.AGREED;
        }
        return withheld() ? skipped() : comparison(result, "", "");
    }

    /** A filter that the chain does not have: what would become of the mail in all. */
    private Comparison withChain() {
        Word counted = Word.PASS;
        Word said = Word.PASS;
        boolean open = Hearing.cutShort(mail, link);
        for (Asked asked : mail.asked()) {
            if (!asked.answered()) return comparison(Result.OPEN, "", "");
            for (Judges.Said one : asked.said())
                counted = counted.or(Word.of(asked.where() + ": " + one.filter() + ": ", List.of(one.verdict())));
        }
        for (int i = 0; i < testimony.verdicts().size(); i++)
            said = said.or(Word.of(
                    mail.asked().get(i).where() + ": ", testimony.verdicts().get(i)));
        if (said.kind() == Kind.PASS && withheld()) return skipped();
        if (counted.kind() == said.kind()) return comparison(Result.AGREED, "", "");
        if (said.kind() == Kind.PASS && open) return comparison(Result.OPEN, "", "");
        return comparison(Result.DISAGREED, counted.text(), said.text());
    }

    /** The message was not there to be judged. */
    private boolean withheld() {
        return !mail.uncopied().isEmpty() && link.moments().contains(Moment.MESSAGE);
    }

    private Comparison skipped() {
        return comparison(Result.SKIPPED, "", mail.uncopied());
    }

    private Comparison comparison(Result result, String counted, String said) {
        return mail.comparison(link.name(), result, counted, said, testimony.took());
    }
}
