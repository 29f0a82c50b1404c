package org.posthorn.intake;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.ChainTrial;
import org.posthorn.api.intake.Judgement;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;

/** Asks a chain about mail that is here already, on threads and with a breaker of its own. */
final class Trial implements ChainTrial {

    private final List<String> asked;
    private final List<String> unasked;
    private final Parts parts;
    private final Watchdog watchdog;
    private final Judges judges;

    Trial(List<String> chain, Parts parts, Settings settings, Clock clock) {
        this.parts = parts;
        Predicate<String> stateful = name -> stateful(name, parts.filters());
        asked = chain.stream().filter(stateful.negate()).toList();
        unasked = chain.stream().filter(stateful).toList();
        watchdog = new Watchdog(settings.forShadow(), 0, settings.limit(), clock);
        judges = new Judges(watchdog);
    }

    private static boolean stateful(String name, Filters filters) {
        var lease = filters.lease(name);
        boolean stateful = lease.isPresent() && filters.trait(lease.get().get()).stateful();
        lease.ifPresent(Lease::close);
        return stateful;
    }

    @Override
    public List<String> unasked() {
        return unasked;
    }

    /** The filters are leased for this mail alone, so that one that is swapped does not wait for thousands. */
    @Override
    public Judgement judge(Mail mail) {
        try (Chain chain = new Chain(asked, parts)) {
            if (chain.missing().isPresent())
                return trouble("filter " + chain.missing().get() + " is missing");
            return judge(mail, chain);
        } catch (NoVerdict e) {
            return trouble(e.getMessage());
        }
    }

    private static Judgement trouble(String what) {
        return new Judgement(Verdict.PASS, "", List.of(), what);
    }

    private Judgement judge(Mail mail, Chain chain) throws NoVerdict {
        List<Finding> found = new ArrayList<>();
        List<Judges.Said> all = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            for (Judges.Question question : questions(moment, mail)) {
                List<Judges.Step> steps = chain.at(moment).stream()
                        .map(link -> new Judges.Step(link, moment, question))
                        .toList();
                all.addAll(judges.ask(steps, found, one -> {}));
                found.clear();
                all.forEach(said -> {
                    if (said.verdict() instanceof Verdict.Pass pass) found.addAll(pass.findings());
                });
            }
            if (all.stream().anyMatch(said -> Kind.last(said.verdict()))) break;
        }
        Judges.Said gravest = null;
        for (Judges.Said said : all)
            if (Kind.of(said.verdict()) != Kind.PASS && (gravest == null || graver(said, gravest))) gravest = said;
        return gravest == null
                ? new Judgement(Verdict.PASS, "", found, "")
                : new Judgement(gravest.verdict(), gravest.filter(), found, "");
    }

    private static boolean graver(Judges.Said one, Judges.Said other) {
        return Kind.of(one.verdict()).compareTo(Kind.of(other.verdict())) > 0;
    }

    private static List<Judges.Question> questions(Moment moment, Mail mail) {
        Envelope envelope = mail.envelope();
        return switch (moment) {
            case CLIENT -> List.of((f, found) -> f.client(mail.origin()));
            case SENDER -> List.of((f, found) -> f.sender(mail.origin(), envelope.sender()));
            case RECIPIENT -> recipients(mail);
            case MESSAGE ->
                List.of((f, found) -> f.message(mail.with(AuthenticationResults.before(
                        mail.message(), mail.origin().server(), found, List.of()))));
        };
    }

    private static List<Judges.Question> recipients(Mail mail) {
        List<Judges.Question> questions = new ArrayList<>();
        List<Recipient> all = mail.envelope().recipients();
        for (int i = 0; i < all.size(); i++) {
            Recipient recipient = all.get(i);
            Envelope before = mail.envelope().with(all.subList(0, i));
            questions.add((f, found) -> f.recipient(mail.origin(), before, recipient));
        }
        return questions;
    }

    @Override
    public void close() {
        watchdog.close();
    }
}
