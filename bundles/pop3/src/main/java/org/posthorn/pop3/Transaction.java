package org.posthorn.pop3;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.InternationalizedMail;
import org.posthorn.mime.Surrogate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TRANSACTION state, RFC 1939 5, and the UPDATE state, 6. */
final class Transaction {

    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);
    private static final int LINES_AT_ONCE = 1_000;

    private final Session session;
    private final Drop drop;
    private Retrieval retrieval;
    private boolean listing;

    Transaction(Session session, Drop drop) {
        this.session = session;
        this.drop = drop;
    }

    Drop drop() {
        return drop;
    }

    /** Whether an answer is still on its way. */
    boolean sending() {
        return retrieval != null || listing;
    }

    void stat() {
        session.ok(drop.count() + " " + drop.octets());
    }

    void list(String argument) {
        if (argument.isBlank() || session.utf8()) tell(argument, drop::size);
        else message(argument).ifPresent(this::list);
    }

    /** As long as RETR sends it, RFC 6856 2.1; one that another session has removed is as long as it was. */
    private void list(int number) {
        session.with(session.mailboxes(), store -> {
            Optional<Message> message = drop.inbox(store).message(drop.uid(number));
            long size = message.isEmpty()
                    ? drop.size(number)
                    : shown(message.get(), Long.MAX_VALUE).size();
            session.ok(number + " " + size);
        });
    }

    void uidl(String argument) {
        UniqueId form = session.uniqueId();
        tell(argument, n -> drop.uniqueId(form, n));
    }

    /** About one message in the reply, or about all in lines. */
    private void tell(String argument, IntFunction<?> what) {
        if (!argument.isBlank()) {
            message(argument).ifPresent(n -> session.ok(n + " " + what.apply(n)));
            return;
        }
        session.ok(drop.count() + " messages");
        listing = true;
        int[] next = {1};
        session.connection().produce(() -> {
            StringBuilder lines = new StringBuilder();
            int end = (int) Math.min(drop.last() + 1L, next[0] + (long) LINES_AT_ONCE);
            for (; next[0] < end; next[0]++)
                if (drop.has(next[0]))
                    lines.append(next[0])
                            .append(' ')
                            .append(what.apply(next[0]))
                            .append("\r\n");
            listing = end <= drop.last();
            session.connection()
                    .send(listing ? lines.toString() : lines.append(".\r\n").toString());
            return listing;
        });
    }

    void delete(String argument) {
        message(argument).ifPresent(n -> {
            drop.delete(n);
            session.ok("Message " + n + " will be deleted");
        });
    }

    void reset() {
        drop.reset();
        stat();
    }

    void retrieve(String argument) {
        message(argument).ifPresent(n -> send(n, Long.MAX_VALUE));
    }

    void top(String argument) {
        String[] words = argument.strip().split(" +");
        OptionalInt lines = words.length == 2 ? number(words[1]) : OptionalInt.empty();
        if (lines.isEmpty()) session.wrong("TOP takes a message and a number of lines");
        else message(words[0]).ifPresent(n -> send(n, lines.getAsInt()));
    }

    /** The message is read from an open file, so that the store is not leased for as long as a client likes to take. */
    private void send(int number, long bodyLines) {
        session.with(session.mailboxes(), store -> {
            Optional<Message> message = drop.inbox(store).message(drop.uid(number));
            if (message.isEmpty()) {
                session.error("Message " + number + " is gone");
                return;
            }
            Message shown = shown(message.get(), bodyLines);
            retrieval = new Retrieval(session.connection(), shown, bodyLines, () -> retrieval = null);
            session.ok(shown.size() + " octets");
            session.connection().produce(retrieval);
        });
    }

    /**
     * RFC 6856 2.1: a client that has not said UTF8 gets ASCII headers in the place of internationalized ones. Those that are not ASCII for other reasons it gets as they
     * are, as from any server: they may be signed, and LIST has told how long they are.
     */
    private Message shown(Message message, long bodyLines) throws IOException {
        if (session.utf8() || !InternationalizedMail.is(message)) return message;
        return bodyLines == 0 ? Surrogate.ofHeader(message) : Surrogate.of(message);
    }

    /** RFC 1939 6: what is marked is removed, and the client is told whether that worked. */
    void update() {
        session.with(session.mailboxes(), store -> {
            try {
                drop.update(store);
                session.bye();
            } catch (IOException e) {
                LOG.warn("What a POP3 session deleted is not removed: {}", e.getMessage(), e);
                session.error("[SYS/TEMP] Deleted messages are not removed");
                session.connection().close();
            }
        });
    }

    void closed() {
        if (retrieval != null) retrieval.end();
    }

    private Optional<Integer> message(String argument) {
        OptionalInt number = number(argument.strip());
        boolean there = number.isPresent() && drop.has(number.getAsInt());
        if (!there) session.error("No such message");
        return there ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static OptionalInt number(String digits) {
        boolean sound =
                !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return sound ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }
}
