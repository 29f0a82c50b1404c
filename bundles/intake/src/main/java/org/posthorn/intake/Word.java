package org.posthorn.intake;

import java.util.List;
import java.util.TreeSet;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;

/**
 * The gravest of what was said, in short.
 *
 * @param findings by method and result, as {@code [spf=fail]}
 * @param text in one line
 */
record Word(Kind kind, List<String> findings, String text) {

    static final Word PASS = new Word(Kind.PASS, List.of(), "pass");

    /** @param prefix where and by whom it was said, or nothing */
    static Word of(String prefix, List<Verdict> said) {
        Word gravest = PASS;
        TreeSet<String> findings = new TreeSet<>();
        for (Verdict verdict : said) {
            Kind kind = Kind.of(verdict);
            if (kind.compareTo(gravest.kind) > 0) gravest = new Word(kind, List.of(), Kind.text(verdict));
            if (verdict instanceof Verdict.Pass pass)
                for (Finding finding : pass.findings()) findings.add(finding.method() + "=" + finding.result());
        }
        String found = findings.isEmpty() ? "" : " (" + String.join(", ", findings) + ")";
        return new Word(gravest.kind, List.copyOf(findings), prefix + gravest.text + found);
    }

    /** The graver of two. */
    Word or(Word other) {
        return other.kind.compareTo(kind) > 0 ? other : this;
    }

    /** Whether the same becomes of the mail, and filters behind and readers are told the same. */
    boolean same(Word other) {
        return kind == other.kind && findings.equals(other.findings);
    }
}
