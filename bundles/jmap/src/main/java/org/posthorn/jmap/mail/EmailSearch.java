package org.posthorn.jmap.mail;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Sort;
import org.posthorn.jmap.mail.Condition.Cost;

/** What a query asks for, RFC 8621 4.4. @param collapse whether of each thread but the first Email is found */
record EmailSearch(EmailFilter.Read filter, EmailOrder order, boolean collapse) {

    static EmailSearch of(Optional<Filter> filter, List<Sort> sort, boolean collapse) throws MethodFault {
        return new EmailSearch(EmailFilter.read(filter), EmailOrder.of(sort), collapse);
    }

    /** Whether it costs little to do it again: nothing is read but the index. */
    boolean isCheap() {
        return filter.condition().cost().compareTo(Cost.THREAD) <= 0 && !order.asks(Cost.HEADER);
    }

    /** Whether an Email can be found, or not, for what others of its thread are. */
    boolean isOfThread() {
        return collapse || order.asks(Cost.THREAD) || filter.asksThread();
    }

    /** Whether an Email is found, and where, for what never changes of it, RFC 8620 5.6. */
    boolean isFixed() {
        return !collapse && filter.isFixed() && order.isFixed();
    }

    /** What is found, in its order. @param times by which {@code snoozedUntil} sorts */
    List<Email> emails(MailView mail, Function<Email, Instant> times) throws IOException, MethodFault {
        List<EmailOrder.Row> rows = new ArrayList<>();
        for (Email email : candidates(mail)) look(new Candidate(mail, email, times, filter.texts()), rows);
        rows.sort(order.comparator());
        List<Email> found = rows.stream().map(EmailOrder.Row::email).toList();
        return collapse ? collapsed(found) : found;
    }

    /** Of one mailbox those there alone, unless others of their threads must be known. */
    private List<Email> candidates(MailView mail) throws IOException, MethodFault {
        boolean ofThread = order.asks(Cost.THREAD) || filter.asksThread();
        return filter.mailbox().isEmpty() || ofThread
                ? mail.all()
                : mail.within(filter.mailbox().get());
    }

    private void look(Candidate email, List<EmailOrder.Row> rows) throws IOException {
        try {
            if (filter.condition().matches(email)) rows.add(order.row(email));
        } catch (FileNotFoundException | NoSuchFileException gone) {
            // Another session or program was faster: it is not there to be found.
        }
    }

    /** RFC 8621 4.4.3. */
    private static List<Email> collapsed(List<Email> found) {
        Set<Long> threads = new HashSet<>();
        return found.stream().filter(e -> threads.add(e.thread())).toList();
    }
}
