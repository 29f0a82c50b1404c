package org.posthorn.events;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;

/** Reads off a story what became of each recipient. */
final class Fates {

    private final Map<Address, Fate> fates = new LinkedHashMap<>();
    private final Words words;

    private Fates(Words words) {
        this.words = words;
    }

    static List<Fate> of(Told story, Words words) {
        Fates fates = new Fates(words);
        story.events().forEach(fates::take);
        return List.copyOf(fates.fates.values());
    }

    private void take(MailEvent event) {
        if (event instanceof MailEvent.Answered e)
            change(
                    e.recipient(),
                    f -> e.reply().positive()
                            ? f.is(Fate.State.COMING, "")
                            : f.is(Fate.State.REFUSED, e.reply() + " (" + e.by() + ")"));
        else if (event instanceof MailEvent.Refused e)
            all(Fate.State.COMING, Fate.State.REFUSED, e.reply().toString());
        else if (event instanceof MailEvent.Abandoned)
            all(Fate.State.COMING, Fate.State.GONE, "never came whole: the client left");
        else if (event instanceof MailEvent.Discarded e)
            all(Fate.State.COMING, Fate.State.GONE, "thrown away: " + e.why());
        else if (event instanceof MailEvent.Accepted) all(Fate.State.COMING, Fate.State.UNDERWAY, "");
        else later(event);
    }

    private void later(MailEvent event) {
        if (event instanceof MailEvent.Routed e) routed(e);
        else if (event instanceof MailEvent.Attempted e) attempted(e);
        else if (event instanceof MailEvent.Shelved e) change(e.recipient(), f -> f.lies(e));
        else if (event instanceof MailEvent.Waiting e) waiting(e);
        else if (event instanceof MailEvent.Postponed e)
            all(
                    Fate.State.UNDERWAY,
                    Fate.State.WAITING,
                    "waits until " + words.time(e.until()) + ", as its sender wishes");
        else if (event instanceof MailEvent.GivenUp e)
            change(e.recipient(), f -> f.is(Fate.State.FAILED, "given up; " + f.words()));
        else if (event instanceof MailEvent.Handled e) handled(e);
    }

    /** An alias is followed to its ends, which take its place. */
    private void routed(MailEvent.Routed e) {
        if (!e.aliases().isEmpty()) {
            Address written = e.aliases().get(0);
            if (!written.folded().equals(e.recipient().folded())) fates.remove(written.folded());
        }
        change(e.recipient(), f -> f.routed(Words.through(e.aliases())));
    }

    private void attempted(MailEvent.Attempted e) {
        String host = e.host().isEmpty() ? "" : e.host() + ": ";
        String said = host + e.reply();
        change(e.recipient(), f -> switch (e.result()) {
            case DELIVERED -> f.state() == Fate.State.SHELVED ? f : f.is(Fate.State.DELIVERED, said);
            case RELAYED -> f.is(Fate.State.DELIVERED, "handed to " + said);
            case DEFERRED -> f.is(Fate.State.WAITING, said);
            case FAILED -> f.is(Fate.State.FAILED, said);
            case FORWARDED -> f.is(Fate.State.GONE, said);
        });
    }

    private void waiting(MailEvent.Waiting e) {
        String until = "waits, is tried again at " + words.time(e.until()) + "; ";
        fates.replaceAll((a, f) -> f.state() == Fate.State.WAITING && !f.words().startsWith("waits,")
                ? f.is(Fate.State.WAITING, until + f.words())
                : f);
    }

    private void handled(MailEvent.Handled e) {
        switch (e.action()) {
            case HELD -> all(Fate.State.WAITING, Fate.State.HELD, "held by " + e.by());
            case REMOVED -> {
                all(Fate.State.WAITING, Fate.State.GONE, "taken out of the queue by " + e.by());
                all(Fate.State.HELD, Fate.State.GONE, "taken out of the queue by " + e.by());
            }
            case RELEASED -> {
                all(Fate.State.WAITING, Fate.State.WAITING, "released by " + e.by());
                all(Fate.State.HELD, Fate.State.WAITING, "released by " + e.by());
            }
            case RETRIED -> all(Fate.State.WAITING, Fate.State.WAITING, "is tried now");
        }
    }

    private void change(Address recipient, UnaryOperator<Fate> how) {
        fates.compute(recipient.folded(), (a, f) -> how.apply(f == null ? Fate.of(recipient) : f));
    }

    private void all(Fate.State from, Fate.State to, String how) {
        List<Address> those = new ArrayList<>(fates.keySet());
        for (Address each : those) fates.computeIfPresent(each, (a, f) -> f.state() == from ? f.is(to, how) : f);
    }
}
