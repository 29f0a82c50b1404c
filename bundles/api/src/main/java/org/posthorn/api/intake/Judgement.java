package org.posthorn.api.intake;

import java.util.List;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;

/**
 * What a chain of filters thinks of a mail.
 *
 * @param verdict what would become of it: the gravest that was said, in the order pass, quarantine, refusal, discard; a pass where {@code trouble} says why
 *     there is none
 * @param filter who said so; empty when all let it pass
 * @param findings what was found, in order
 * @param trouble which filter failed, and how; empty when none did
 */
public record Judgement(Verdict verdict, String filter, List<Finding> findings, String trouble) {
    public Judgement {
        findings = List.copyOf(findings);
    }
}
