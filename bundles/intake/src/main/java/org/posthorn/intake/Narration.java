package org.posthorn.intake;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;

/** Tells what happens to one mail on its way in, up to its one end. */
final class Narration {

    private final MailId mail;
    private final MailEvents events;
    private final Clock clock;
    private MailEvent.Stage stage = MailEvent.Stage.MAIL;
    private boolean begun;
    private boolean ended;

    Narration(MailId mail, MailEvents events, Clock clock) {
        this.mail = mail;
        this.events = events;
        this.clock = clock;
    }

    void begun(Origin origin, Optional<Address> sender) {
        begun = true;
        events.tell(new MailEvent.Begun(mail, clock.instant(), origin, sender));
    }

    /** @param recipient whom it is about, if about one */
    void judged(Judges.Said said, Optional<Address> recipient) {
        // The class that judges says which version it was; the service may be of another one a moment later.
        Bundle bundle = FrameworkUtil.getBundle(said.link().filter().getClass());
        Verdict verdict = said.verdict();
        events.tell(new MailEvent.Judged(
                mail,
                clock.instant(),
                said.filter(),
                said.moment().word(),
                recipient,
                word(verdict),
                reason(verdict),
                verdict instanceof Verdict.Pass pass ? findings(pass.findings()) : List.of(),
                said.took(),
                bundle == null ? "" : bundle.getSymbolicName(),
                bundle == null ? "" : bundle.getVersion().toString()));
    }

    private static MailEvent.Word word(Verdict verdict) {
        if (verdict instanceof Verdict.Pass) return MailEvent.Word.PASS;
        if (verdict instanceof Verdict.Quarantine) return MailEvent.Word.QUARANTINE;
        return verdict instanceof Verdict.Refuse ? MailEvent.Word.REFUSE : MailEvent.Word.DISCARD;
    }

    private static String reason(Verdict verdict) {
        if (verdict instanceof Verdict.Quarantine quarantine) return quarantine.reason();
        if (verdict instanceof Verdict.Refuse refuse) return refuse.reply().toString();
        return verdict instanceof Verdict.Discard discard ? discard.reason() : "";
    }

    private static List<String> findings(List<Finding> findings) {
        return findings.isEmpty()
                ? List.of()
                : findings.stream().map(Narration::words).toList();
    }

    /** As RFC 8601 2.2 has it. */
    private static String words(Finding finding) {
        StringBuilder words = new StringBuilder(finding.method()).append('=').append(finding.result());
        if (!finding.reason().isEmpty())
            words.append(" (").append(finding.reason()).append(')');
        Map<String, String> sorted = new TreeMap<>(finding.properties());
        sorted.forEach(
                (name, value) -> words.append(' ').append(name).append('=').append(value));
        return words.toString();
    }

    /** @param by who refused; empty when nobody did */
    void answered(Address recipient, Reply reply, String by) {
        stage = MailEvent.Stage.RCPT;
        events.tell(new MailEvent.Answered(mail, clock.instant(), recipient, reply, by));
    }

    void dataBegun() {
        stage = MailEvent.Stage.DATA;
    }

    void content(long octets, String messageId) {
        events.tell(new MailEvent.Content(mail, clock.instant(), octets, messageId));
    }

    void refused(Reply reply, String why) {
        if (!ended) end(new MailEvent.Refused(mail, clock.instant(), stage, reply, why));
    }

    /** Whether all was told that there is to tell. */
    boolean ended() {
        return ended;
    }

    void discarded(String why) {
        end(new MailEvent.Discarded(mail, clock.instant(), why));
    }

    /** Whatever becomes of the telling, nobody has abandoned it. */
    void accepted(Reply reply, boolean junk) {
        ended = true;
        events.tell(new MailEvent.Accepted(mail, clock.instant(), reply, junk));
    }

    /** Nothing more comes. */
    void closed() {
        if (begun && !ended) end(new MailEvent.Abandoned(mail, clock.instant(), stage));
    }

    private void end(MailEvent event) {
        ended = true;
        events.tell(event);
    }
}
