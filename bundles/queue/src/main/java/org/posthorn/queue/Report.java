package org.posthorn.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.mime.DeliveryReport.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Word of a mail for somebody: who gets it, and of which results.
 *
 * @param to its envelope's one recipient
 */
record Report(Recipient to, Action action, List<Result> results) {

    private static final Logger LOG = LoggerFactory.getLogger(Report.class);

    /** RFC 5321 4.5.1: the bare postmaster is always there. */
    private static final Address POSTMASTER = new Address("postmaster", "");

    /**
     * The reports that are due, RFC 3461 4.1 and 5.2.
     *
     * @param late whether the sender shall be told of what waits
     */
    static List<Report> of(Mail mail, List<Result> results, boolean late) {
        List<Result> failed = wanted(results, Notify.FAILURE, Result::failed);
        List<Report> reports = new ArrayList<>();
        Optional<Address> sender = mail.envelope().sender();
        if (sender.isEmpty()) {
            if (!failed.isEmpty()) bounced(mail, failed).ifPresent(reports::add);
            return reports;
        }
        Recipient to = new Recipient(sender.get());
        add(reports, to, Action.FAILED, failed);
        if (late) add(reports, to, Action.DELAYED, wanted(results, Notify.DELAY, Result::waits));
        List<Result> delivered = wanted(results, Notify.SUCCESS, r -> r.delivered() && !toldByOthers(r));
        add(
                reports,
                to,
                Action.RELAYED,
                delivered.stream().filter(Report::relayed).toList());
        add(
                reports,
                to,
                Action.DELIVERED,
                delivered.stream().filter(r -> !relayed(r)).toList());
        return reports;
    }

    private static void add(List<Report> reports, Recipient to, Action action, List<Result> results) {
        if (!results.isEmpty()) reports.add(new Report(to, action, results));
    }

    private static List<Result> wanted(List<Result> results, Notify notice, Predicate<Result> what) {
        return results.stream()
                .filter(what)
                .filter(r -> wants(r.target().recipient().notices(), notice))
                .toList();
    }

    /** Where nothing is said, failure and delay are told, success is not, RFC 3461 4.1. */
    private static boolean wants(Set<Notify> notices, Notify notice) {
        return notices.isEmpty() ? notice != Notify.SUCCESS : notices.contains(notice);
    }

    /** RFC 3461 5.2.1: a server that speaks DSN was given the wishes, and tells. */
    private static boolean toldByOthers(Result result) {
        return result.outcome() instanceof Outcome.Delivered d && d.reports();
    }

    private static boolean relayed(Result result) {
        return result.outcome() instanceof Outcome.Delivered d && d.relayed();
    }

    /** RFC 5321 6.1: no bounce for a bounce; but one of our own that reaches nobody is for the postmaster, once. */
    private static Optional<Report> bounced(Mail mail, List<Result> failed) {
        if (!mail.origin().protocol().equals("local")) {
            LOG.info("{}: it has no sender, so nobody is told that it failed.", mail.id());
            return Optional.empty();
        }
        LOG.warn("{}: a report of this server reached nobody; the postmaster gets it.", mail.id());
        return Optional.of(
                new Report(new Recipient(POSTMASTER, Set.of(Notify.NEVER), Optional.empty()), Action.FAILED, failed));
    }
}
