package org.posthorn.imap.command;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.net.Connection;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;
import org.posthorn.mime.Char8Octets;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** URLFETCH, RFC 4467 7: a response for each URL, as the client takes them. What is wrong with one is told to nobody. */
final class UrlFetch implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(UrlFetch.class);

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        List<String> urls = new ArrayList<>();
        do urls.add(in.space().astring());
        while (!in.atEnd());
        Iterator<String> rest = urls.iterator();
        return session.produce(request, () -> {
            tell(session, rest.next());
            return rest.hasNext() ? Answer.LATER : Answer.ok("Fetched");
        });
    }

    private static void tell(Session session, String url) throws IOException {
        Optional<Joined.Piece> content = content(session, url);
        String response =
                Text.string(new StringBuilder("* URLFETCH "), url).append(' ').toString();
        Connection client = session.connection();
        if (content.isEmpty()) client.send(response + "NIL\r\n");
        else if (content.get().count() == 0) client.send(response + "\"\"\r\n");
        else literal(client, response, content.get());
    }

    private static Optional<Joined.Piece> content(Session session, String text) throws IOException {
        Address reader = session.user().orElseThrow();
        MailboxStore store = session.account().store();
        Optional<AuthorizedUrl> url = AuthorizedUrl.parse(text, reader);
        if (url.isEmpty() || !url.get().access().admits(reader) || !isValid(url.get(), store)) return Optional.empty();
        return url.get().content(store, session.services().cache());
    }

    /** An account that cannot be read fails none of the other URLs, and only who has a valid one learns that there is one. */
    private static boolean isValid(AuthorizedUrl url, MailboxStore store) {
        try {
            return url.isValid(store, Instant.now());
        } catch (IOException broken) {
            LOG.warn("Whether a URL of {} is valid could not be seen: {}", url.owner(), broken.toString());
            return false;
        }
    }

    private static void literal(Connection client, String response, Joined.Piece content) {
        Octets octets = new Char8Octets(Octets.of(content.of(), content.from(), content.count()));
        client.send(response + "{" + content.count() + "}\r\n");
        client.send(StoredMessage.of(octets), 0, content.count());
        client.send("\r\n");
    }
}
