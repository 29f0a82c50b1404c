package org.posthorn.smtp;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;

/** BDAT, RFC 3030 2. Its octets are read whatever the answer is, as they follow unasked. */
final class BdatCommand implements Command {

    private static final int MOST_DIGITS = 15;

    @Override
    public void run(Session session, String argument) {
        int space = argument.indexOf(' ');
        String size = space < 0 ? argument : argument.substring(0, space);
        boolean last = space >= 0 && argument.substring(space + 1).strip().equalsIgnoreCase("LAST");
        boolean number =
                !size.isEmpty() && size.length() <= MOST_DIGITS && size.chars().allMatch(c -> c >= '0' && c <= '9');
        if (number && (space < 0 || last)) chunk(session, Long.parseLong(size), last);
        // Where the next command begins cannot be known, and a message must not be taken for commands.
        else session.drop(501, "5.5.4", "BDAT size and perhaps LAST");
    }

    private static void chunk(Session session, long size, boolean last) {
        Optional<Reply> early = outOfSequence(session);
        if (early.isPresent()) skip(session, size, () -> session.refuse(early.get()));
        else begin(session, session.transaction().orElseThrow(), size, last);
    }

    static Optional<Reply> outOfSequence(Session session) {
        return session.demandsLogin()
                ? Optional.of(new Reply(530, "5.7.0", "Authentication required"))
                : DataCommand.noRecipients(session);
    }

    private static void begin(Session session, Transaction transaction, long size, boolean last) {
        try {
            ChunkSink chunks = transaction.chunks(session.settings());
            take(session, size, new PacedSink(session, chunks), what -> end(session, chunks, what, last));
        } catch (IOException e) {
            skip(session, size, () -> answer(session, DataCommand.unwritable(session, e), last));
        }
    }

    private static void end(Session session, ChunkSink chunks, Received what, boolean last) {
        if (what.broken().isPresent())
            answer(session, DataCommand.unwritable(session, what.broken().get()), last);
        else took(session, chunks, what.octets(), last);
    }

    /** So much has gone there. */
    static void took(Session session, ChunkSink chunks, long octets, boolean last) {
        if (chunks.tooLarge()) answer(session, DataCommand.TOO_LARGE, last);
        else if (chunks.bareLineEnd()) answer(session, DataCommand.BARE_LINE_END, last);
        else if (!last) session.send(250, "2.0.0", octets + " octets received");
        else finish(session, chunks);
    }

    private static void finish(Session session, ChunkSink chunks) {
        try {
            chunks.end();
            Transaction transaction = session.transaction().orElseThrow();
            answer(session, chunks.bareLineEnd() ? DataCommand.BARE_LINE_END : transaction.finish(), true);
        } catch (IOException e) {
            answer(session, DataCommand.unwritable(session, e), true);
        }
    }

    /** RFC 2033 4.3: only LAST is answered once for each recipient. Chunks behind a refusal find no transaction. */
    private static void answer(Session session, Reply reply, boolean last) {
        if (last) DataCommand.answer(session, reply);
        else session.refuseMessage(reply);
    }

    private static void skip(Session session, long size, Runnable then) {
        take(session, size, bytes -> bytes.position(bytes.limit()), what -> then.run());
    }

    private static void take(Session session, long size, Sink sink, Consumer<Received> then) {
        session.transfer(then);
        if (size > 0) session.connection().receive(size, sink);
        else session.received(new Received(0, false, false, Optional.empty()));
    }
}
