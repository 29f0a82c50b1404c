package org.posthorn.api.filter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/**
 * One mail as a filter in the shadow saw it, beside what counted.
 *
 * @param filter as {@code shadow} in {@code org.posthorn.intake.cfg} names it: {@code example@1.1.0}
 * @param beside what it is held against: the name of a filter of the chain, or {@code the chain}
 * @param time when the mail ended
 * @param mail its id, be it taken or not
 * @param client its address as a literal, {@code [192.0.2.7]}
 * @param sender the reverse path with its angle brackets
 * @param recipients those that the filters were asked about, at most 20
 * @param counted what counted said, in one line
 * @param said what the shadow said in one line, or why it said nothing
 * @param took how long the filter was at work; zero when it was not asked
 */
public record Comparison(
        String filter,
        String beside,
        Result result,
        Instant time,
        MailId mail,
        String client,
        String sender,
        List<Address> recipients,
        String counted,
        String said,
        Duration took) {

    public Comparison {
        recipients = List.copyOf(recipients);
    }

    /** How the two stand to each other. */
    public enum Result {
        /** The same would have become of the mail. */
        AGREED,
        /** Something else would have become of the mail. */
        DISAGREED,
        /** There is nothing to compare: what counts did not come to speak, or the mail ended before the shadow had its say. */
        OPEN,
        /** The shadow was not asked: too much waits for it, the mail is too large, or it is left alone. */
        SKIPPED,
        /** The shadow threw something, said nothing, or took too long. */
        FAILED,
        /** It was no shadow here: promoted, its word counted. */
        COUNTED
    }
}
