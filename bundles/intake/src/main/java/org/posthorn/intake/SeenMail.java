package org.posthorn.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;

/**
 * A mail that is over, as the chain judged it.
 *
 * @param envelope with all recipients that were accepted
 * @param chain the names of the filters that judged
 * @param asked what they were asked, in order
 * @param mail with a message in memory, if its data came and there was room for it
 * @param uncopied why the message is not there though its data came; empty otherwise
 * @param failed the filter whose failure kept the mail from being judged, as the watchdog calls it; empty for none
 */
record SeenMail(
        MailId id,
        Origin origin,
        Envelope envelope,
        List<String> chain,
        List<Asked> asked,
        Optional<Mail> mail,
        String uncopied,
        String failed,
        Instant ended) {

    private static final int MOST_RECIPIENTS = 20;

    /** Octets that the copy of the message takes. */
    long copied() {
        return mail.map(m -> m.message().size()).orElse(0L);
    }

    /** Octets that the rest takes. */
    long noted() {
        return asked.stream().mapToLong(Asked::size).sum();
    }

    /** Sender, and the recipients accepted before that was asked. */
    Envelope before(Asked question) {
        return envelope.with(envelope.recipients().subList(0, question.before()));
    }

    /** The place in the chain of the filter that is compared with that one: another version of it; -1 for none. */
    int counterpart(String filter) {
        for (int i = 0; i < chain.size(); i++)
            if (FilterName.plain(chain.get(i)).equals(FilterName.plain(filter))
                    && !chain.get(i).equals(filter)) return i;
        return -1;
    }

    /** How long a filter of the chain was at work. */
    Duration took(String filter) {
        return asked.stream()
                .flatMap(a -> a.said().stream())
                .filter(s -> s.filter().equals(filter))
                .map(Judges.Said::took)
                .reduce(Duration.ZERO, Duration::plus);
    }

    Comparison comparison(String filter, Comparison.Result result, String counted, String said, Duration took) {
        int place = counterpart(filter);
        List<Address> recipients = asked.stream()
                .flatMap(a -> a.recipient().stream())
                .map(r -> r.address())
                .limit(MOST_RECIPIENTS)
                .toList();
        return new Comparison(
                filter,
                place < 0 ? "the chain" : chain.get(place),
                result,
                ended,
                id,
                TraceFields.literal(origin.client().getAddress()),
                envelope.reversePath(),
                recipients,
                counted,
                said,
                took);
    }
}
