package org.posthorn.intake;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Mail;

/** A filter that does not count is asked of a mail what the chain was asked. */
final class Hearing {

    /**
     * What it said.
     *
     * @param verdicts one list for each time the chain was asked, and less when it came to no more
     */
    record Testimony(List<List<Verdict>> verdicts, Duration took) {}

    private final SeenMail mail;
    private final Chain.Link link;
    private final int place;

    /** @param place in the chain where it would stand */
    Hearing(SeenMail mail, Chain.Link link, int place) {
        this.mail = mail;
        this.link = link;
        this.place = place;
    }

    /** Asks until it refuses or discards the mail. For a thread of the watchdog. */
    Testimony hear(Watchdog.Turn turn) throws NoVerdict {
        turn.of(Shadow.plugin(link.name()));
        long began = System.nanoTime();
        List<List<Verdict>> all = new ArrayList<>();
        try {
            for (Asked asked : mail.asked()) {
                if (asked.stage() == Stage.MESSAGE && mail.mail().isEmpty()) break;
                all.add(ask(asked, turn));
                if (asked.stage() != Stage.RECIPIENT && over(all.get(all.size() - 1))) break;
            }
        } catch (IOException e) {
            throw turn.failed(e.toString());
        }
        return new Testimony(all, Duration.ofNanos(System.nanoTime() - began));
    }

    private static boolean over(List<Verdict> said) {
        return !said.isEmpty() && Kind.last(said.get(said.size() - 1));
    }

    private List<Verdict> ask(Asked asked, Watchdog.Turn turn) throws IOException, NoVerdict {
        List<Verdict> said = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            if (Stage.of(moment) != asked.stage() || !link.moments().contains(moment) || over(said)) continue;
            Verdict verdict = ask(moment, asked);
            if (verdict == null) throw turn.failed("it said nothing at all");
            said.add(verdict);
        }
        return said;
    }

    private Verdict ask(Moment moment, Asked asked) throws IOException {
        MailFilter filter = link.filter();
        return switch (moment) {
            case CLIENT -> filter.client(mail.origin());
            case SENDER -> filter.sender(mail.origin(), mail.envelope().sender());
            case RECIPIENT ->
                filter.recipient(
                        mail.origin(), mail.before(asked), asked.recipient().orElseThrow());
            case MESSAGE -> filter.message(seen(asked));
        };
    }

    private Mail seen(Asked asked) {
        Mail draft = mail.mail().orElseThrow();
        List<Finding> found = asked.foundBefore(mail.chain(), place);
        return draft.with(
                AuthenticationResults.before(draft.message(), mail.origin().server(), found, List.of()));
    }

    /** Whether it would have had more to say of the mail. */
    static boolean cutShort(SeenMail mail, Chain.Link link) {
        Stage reached = mail.asked().get(mail.asked().size() - 1).stage();
        return link.moments().stream().map(Stage::of).anyMatch(stage -> stage.compareTo(reached) > 0);
    }
}
