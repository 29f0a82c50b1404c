package org.posthorn.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Reply;

/** What the filters said of a mail up to now. */
final class Opinion {

    private final List<Finding> findings = new ArrayList<>();
    private final List<HeaderField> fields = new ArrayList<>();
    private String junk = "";
    private String discarded = "";

    List<Finding> findings() {
        return findings;
    }

    List<HeaderField> fields() {
        return fields;
    }

    boolean junk() {
        return !junk.isEmpty();
    }

    /** Who wants it thrown away, and why; empty if nobody does. */
    String discarded() {
        return discarded;
    }

    /** Takes in what was said at a moment that concerns the whole mail. @return the refusal, if there is one */
    Optional<Reply> add(List<Judges.Said> all, boolean last) {
        for (Judges.Said said : all) {
            Verdict verdict = said.verdict();
            if (verdict instanceof Verdict.Refuse refuse) return Optional.of(refuse.reply());
            if (verdict instanceof Verdict.Discard discard) discarded = said.filter() + ": " + discard.reason();
            if (verdict instanceof Verdict.Quarantine quarantine) junk = said.filter() + ": " + quarantine.reason();
            if (verdict instanceof Verdict.Pass pass) {
                findings.addAll(pass.findings());
                if (last) fields.addAll(pass.fields());
            }
        }
        return Optional.empty();
    }

    /** As the log has it. */
    String why() {
        return discarded.isEmpty() ? junk : discarded;
    }
}
