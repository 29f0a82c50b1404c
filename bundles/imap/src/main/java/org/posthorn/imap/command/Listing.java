package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Levels;
import org.posthorn.imap.MailboxName;
import org.posthorn.imap.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** LIST responses, RFC 9051 7.3.1; in IMAP4rev2 also those that no LIST asks for, by which a client learns what the mailbox it has named is called. */
final class Listing {

    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);

    private Listing() {}

    /** Tells a name with its attributes. @param more data behind them, with a space in front, or nothing */
    static void tell(Session session, String name, List<String> attributes, String more) {
        tell(session, name, Levels.separator(name), attributes, more);
    }

    /** The same of one whose name does not say what separates it from what is below. */
    static void tell(Session session, String name, char separator, List<String> attributes, String more) {
        session.untagged("LIST (" + String.join(" ", attributes) + ") \"" + separator + "\" "
                + session.dialect().mailbox(name) + more);
    }

    /** What the mailbox of a name is, but not whether it is subscribed to: a mere level does not exist, RFC 5258 3. @param listed empty when there is none */
    static List<String> attributes(Optional<Listed> listed, boolean children) {
        if (listed.isEmpty()) return new ArrayList<>(List.of("\\NonExistent"));
        List<String> attributes = new ArrayList<>();
        if (!listed.get().selectable()) attributes.add("\\NonExistent");
        attributes.add(children ? "\\HasChildren" : "\\HasNoChildren");
        return attributes;
    }

    static Optional<String> use(Optional<Listed> listed) {
        return listed.flatMap(Listed::use).map(u -> "\\" + u.mailbox());
    }

    /** What has been selected, RFC 9051 6.3.2. */
    static void selected(Session session, MailboxName asked, String name) throws IOException {
        if (session.dialect().isRev2()) one(session, name, oldName(session, asked.given(), name));
    }

    /** Under which name the mailbox is to be found, if it has been named otherwise: RFC 9051 6.3.9.7. What has been done to it stays done if that cannot be told. */
    static void named(Session session, String given, String name) {
        if (!session.dialect().isRev2()) return;
        try {
            String whole = session.account().mailbox(name).map(Mailbox::name).orElse(name);
            if (!given.equals(whole)) one(session, whole, oldName(session, given, whole));
        } catch (IOException e) {
            LOG.warn("What a mailbox is called could not be told: {}", e.toString());
        }
    }

    /** What has been deleted, if it has been named otherwise. */
    static void deleted(Session session, MailboxName asked) {
        String name = asked.name();
        if (session.dialect().isRev2() && !asked.given().equals(name))
            tell(session, name, List.of("\\NonExistent"), oldName(session, asked.given(), name));
    }

    private static void one(Session session, String name, String more) throws IOException {
        List<Listed> all = session.account().list();
        Optional<Listed> listed =
                all.stream().filter(l -> l.name().equals(name)).findFirst();
        boolean children = all.stream().anyMatch(l -> Levels.isBelow(l.name(), name));
        // One that may be read without being looked up is there all the same.
        List<String> attributes = listed.isEmpty() ? new ArrayList<>() : attributes(listed, children);
        if (listed.filter(Listed::subscribed).isPresent()) attributes.add("\\Subscribed");
        use(listed).ifPresent(attributes::add);
        tell(session, name, attributes, more);
    }

    /** Data that say what it was called, with a space in front; nothing when it was called just that. */
    static String oldName(Session session, String given, String name) {
        return given.equals(name) ? "" : " (\"OLDNAME\" (" + session.dialect().mailbox(given) + "))";
    }
}
