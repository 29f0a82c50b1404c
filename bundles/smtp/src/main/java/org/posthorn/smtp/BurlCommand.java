package org.posthorn.smtp;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.mailbox.MessageUrls;

/** BURL, RFC 4468: a message, or a piece of one among chunks, that this server has already. */
final class BurlCommand implements Command {

    /** So many URLs make up a message: each is little to send, and may be much to read. */
    private static final int MOST = 100;

    private static final Reply TOO_MANY = new Reply(554, "5.5.0", "At most " + MOST + " URLs make up a message");

    @Override
    public void run(Session session, String argument) {
        int space = argument.indexOf(' ');
        String url = space < 0 ? argument : argument.substring(0, space);
        String behind = space < 0 ? "" : argument.substring(space + 1).strip().toUpperCase(Locale.ROOT);
        boolean last = behind.equals("LAST");
        boolean sound = !url.isEmpty() && (behind.isEmpty() || last);
        Optional<Reply> early = BdatCommand.outOfSequence(session);
        if (early.isPresent()) session.refuse(early.get());
        else if (!sound) session.refuseMessage(new Reply(501, "5.5.4", "BURL URL and perhaps LAST"));
        else if (session.transaction().orElseThrow().nextUrl() > MOST) session.refuseMessage(TOO_MANY);
        else session.whenUrlsAreRead(() -> answer(session, url, last));
    }

    private static void answer(Session session, String url, boolean last) {
        try {
            ChunkSink chunks = session.transaction().orElseThrow().chunks(session.settings());
            long before = chunks.octets();
            Optional<Reply> refusal = refusal(write(session, url, chunks));
            if (refusal.isPresent()) session.refuseMessage(refusal.get());
            else BdatCommand.took(session, chunks, chunks.octets() - before, last);
        } catch (IOException e) {
            session.refuseMessage(DataCommand.unwritable(session, e));
        }
    }

    private static MessageUrls.Result write(Session session, String url, ChunkSink chunks) throws IOException {
        try (Lease<MessageUrls> urls = session.server().urls().lease().orElse(null)) {
            return urls == null
                    ? MessageUrls.Result.AWAY
                    : urls.get().submit(url, session.client().login().orElseThrow(), chunks.left(), chunks);
        }
    }

    /** RFC 4468 6. */
    private static Optional<Reply> refusal(MessageUrls.Result result) {
        return switch (result) {
            case WRITTEN -> Optional.empty();
            case FOREIGN -> no(554, "5.7.8", "Only URLs with URLAUTH of this server's mailboxes are resolved");
            case DENIED -> no(554, "5.7.0", "The URL is not valid, or not for you");
            case MISSING -> no(554, "5.6.6", "There is nothing where the URL leads");
            case TOO_LARGE -> Optional.of(DataCommand.TOO_LARGE);
            case AWAY -> no(451, "4.4.1", "The mailboxes are not to be reached now");
        };
    }

    private static Optional<Reply> no(int code, String enhanced, String text) {
        return Optional.of(new Reply(code, enhanced, text));
    }
}
