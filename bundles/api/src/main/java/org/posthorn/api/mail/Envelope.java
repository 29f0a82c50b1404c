package org.posthorn.api.mail;

import java.util.List;
import java.util.Optional;

/**
 * Who sends, and for whom it is, RFC 5321 2.3.1.
 *
 * @param sender the reverse path; empty for the null sender of bounces
 * @param parameters what came with MAIL
 * @param recipients in the order given
 */
public record Envelope(Optional<Address> sender, MailParameters parameters, List<Recipient> recipients) {
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** The same sender and parameters for other recipients. */
    public Envelope with(List<Recipient> others) {
        return new Envelope(sender, parameters, others);
    }

    /** The same people with other parameters. */
    public Envelope with(MailParameters others) {
        return new Envelope(sender, others, recipients);
    }

    /** The sender as it stands in logs and in a Return-Path, angle brackets included. */
    public String reversePath() {
        return "<" + sender.map(Address::toString).orElse("") + ">";
    }
}
