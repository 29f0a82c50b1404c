package org.posthorn.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.queue.QueuedMail;

/**
 * A mail in {@code queue:list}.
 *
 * @param state {@code active}, {@code waiting}, {@code held}, or {@code in} and a store that is not in use
 * @param sender empty for the null sender
 * @param next when it is tried again; empty when it is being tried or held
 * @param why what was said last, or that it waits as its sender wishes
 */
public record QueueLine(
        String id,
        String state,
        Instant arrived,
        long size,
        Optional<Address> sender,
        List<String> recipients,
        Optional<Instant> next,
        String why) {

    static QueueLine of(QueuedMail mail, boolean active) {
        return of(mail, active ? "active" : mail.held() ? "held" : "waiting");
    }

    static QueueLine of(QueuedMail mail, String state) {
        return new QueueLine(
                mail.id().text(),
                state,
                mail.arrived(),
                mail.size(),
                mail.envelope().sender(),
                mail.envelope().recipients().stream()
                        .map(r -> r.address().toString())
                        .toList(),
                Optional.of(mail.next()).filter(n -> state.equals("waiting")),
                state.equals("waiting") && mail.wished() ? wish(mail.next()) : why(mail));
    }

    private static String why(QueuedMail mail) {
        return mail.attempts().stream()
                .map(QueuedMail.Attempts::lastReply)
                .filter(r -> !r.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String wish(Instant until) {
        return "waits until " + until + " as its sender wishes";
    }
}
