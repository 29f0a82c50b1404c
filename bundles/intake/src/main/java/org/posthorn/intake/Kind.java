package org.posthorn.intake;

import org.posthorn.api.filter.Verdict;

/** What becomes of a mail by a verdict; the gravest last. */
enum Kind {
    PASS,
    JUNK,
    DEFER,
    REFUSE,
    DISCARD;

    static Kind of(Verdict verdict) {
        if (verdict instanceof Verdict.Quarantine) return JUNK;
        if (verdict instanceof Verdict.Discard) return DISCARD;
        if (verdict instanceof Verdict.Refuse refuse) return refuse.reply().permanentFailure() ? REFUSE : DEFER;
        return PASS;
    }

    /** Whether no filter behind is asked. */
    static boolean last(Verdict verdict) {
        return of(verdict).compareTo(JUNK) > 0;
    }

    /** In one line. */
    static String text(Verdict verdict) {
        if (verdict instanceof Verdict.Quarantine quarantine) return "junk: " + quarantine.reason();
        if (verdict instanceof Verdict.Discard discard) return "discard: " + discard.reason();
        if (verdict instanceof Verdict.Refuse refuse) return refuse.reply().toString();
        return "pass";
    }
}
