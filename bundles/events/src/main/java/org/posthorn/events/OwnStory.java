package org.posthorn.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Printable;

/**
 * A story as one of those sees it whom the mail was delivered to. Whoever else got it is not in it, were he in Bcc; nor what the mail's Received fields do not tell: names of listeners, of next hops, of
 * who logged in, and what transports said.
 */
final class OwnStory {

    private static final String CLIENT = "client";
    private static final String SERVER = "server";

    private final Told story;
    private final Address account;
    private final Set<Address> own = new HashSet<>();
    private final List<StoryStep> steps = new ArrayList<>();

    private OwnStory(Told story, Address account) {
        this.story = story;
        this.account = account.folded();
    }

    /** Its steps until it lay in the last mailbox of the account; empty when it lies in none. */
    static Optional<List<StoryStep>> of(Told story, Address account) {
        OwnStory own = new OwnStory(story, account);
        int end = own.end();
        if (end < 0) return Optional.empty();
        own.findOwn();
        own.tell(end);
        return Optional.of(own.steps);
    }

    /** Where it was put on the account's shelf last. */
    private int end() {
        for (int i = story.events().size() - 1; i >= 0; i--)
            if (story.events().get(i) instanceof MailEvent.Shelved s && isAccount(s)) return i;
        return -1;
    }

    private boolean isAccount(MailEvent.Shelved shelved) {
        return shelved.account().folded().equals(account);
    }

    /** The addresses by which it came to this account. */
    private void findOwn() {
        for (MailEvent event : story.events())
            if (event instanceof MailEvent.Shelved s && isAccount(s))
                own.add(s.recipient().folded());
        for (MailEvent event : story.events())
            if (event instanceof MailEvent.Routed r && isOwn(r.recipient()))
                r.aliases().forEach(alias -> own.add(alias.folded()));
    }

    private boolean isOwn(Address address) {
        return own.contains(address.folded());
    }

    private void tell(int end) {
        for (int i = 0; i <= end; i++) {
            MailEvent event = story.events().get(i);
            if (i == story.cutAt() && story.cut() > 0)
                add(event.when(), "leftOut", SERVER, story.cut() + " steps are not kept");
            arrival(event);
        }
    }

    private void add(Instant when, String what, String by, String words) {
        steps.add(new StoryStep(when, what, Printable.line(by), Printable.line(words)));
    }

    private void arrival(MailEvent event) {
        if (event instanceof MailEvent.Begun e) begun(e);
        else if (event instanceof MailEvent.Judged e) judged(e);
        else if (event instanceof MailEvent.Answered e) answered(e);
        else if (event instanceof MailEvent.Content e)
            add(e.when(), "content", CLIENT, e.octets() + " octets came" + messageId(e));
        else if (event instanceof MailEvent.Accepted e)
            add(e.when(), "accepted", SERVER, "accepted: " + e.reply() + (e.junk() ? "; it is junk" : ""));
        else if (event instanceof MailEvent.Report e)
            add(e.when(), "report", SERVER, "it is a report of this server on a mail that was sent");
        else delivery(event);
    }

    private void delivery(MailEvent event) {
        if (event instanceof MailEvent.Routed e) routed(e);
        else if (event instanceof MailEvent.Attempted e) attempted(e);
        else if (event instanceof MailEvent.Waiting e)
            add(e.when(), "waiting", SERVER, "waits in the queue; the next attempt is due at " + e.until());
        else if (event instanceof MailEvent.Handled e)
            add(e.when(), "handled", "administrator", e.action().name().toLowerCase(Locale.ROOT) + " in the queue");
        else if (event instanceof MailEvent.Shelved e && isAccount(e))
            add(e.when(), "shelved", SERVER, "put into the mailbox " + e.mailbox() + ", UID " + e.uid());
    }

    private void begun(MailEvent.Begun e) {
        String sender = "<" + e.sender().map(Address::toString).orElse("") + ">";
        if (e.origin().client().getPort() == 0) {
            add(e.when(), "begun", SERVER, "made by this server, from " + sender);
            return;
        }
        String helo = e.origin().helo().isEmpty()
                ? ""
                : ", which calls itself " + e.origin().helo();
        String tls = e.origin().tls().map(t -> ", " + t).orElse(", in clear");
        String client = e.origin().client().getAddress().getHostAddress();
        add(
                e.when(),
                "begun",
                CLIENT,
                "came from " + client + helo + ", by " + e.origin().protocol() + tls + "; sender " + sender);
    }

    private void judged(MailEvent.Judged e) {
        if (e.recipient().isPresent() && !isOwn(e.recipient().get())) return;
        String about = e.recipient().map(r -> " for <" + r + ">").orElse("");
        String reason = e.reason().isEmpty() ? "" : ": " + e.reason();
        String findings = e.findings().isEmpty() ? "" : "; " + String.join("; ", e.findings());
        String word = e.word().name().toLowerCase(Locale.ROOT);
        add(e.when(), "judged", "filter " + e.filter(), word + " at " + e.moment() + about + reason + findings);
    }

    private void answered(MailEvent.Answered e) {
        if (!isOwn(e.recipient())) return;
        String how = e.reply().positive() ? "taken" : "refused: " + e.reply();
        add(e.when(), "answered", SERVER, "the recipient <" + e.recipient() + "> is " + how);
    }

    private static String messageId(MailEvent.Content e) {
        return e.messageId().isEmpty() ? ", without a Message-ID" : ", Message-ID " + e.messageId();
    }

    private void routed(MailEvent.Routed e) {
        if (!isOwn(e.recipient())) return;
        add(e.when(), "routed", SERVER, "<" + e.recipient() + "> is an address of yours" + Words.through(e.aliases()));
    }

    private void attempted(MailEvent.Attempted e) {
        if (!isOwn(e.recipient())) return;
        String how = e.result() == MailEvent.Result.DELIVERED ? "delivered" : "not delivered yet";
        add(e.when(), "attempted", SERVER, "to <" + e.recipient() + ">: " + how);
    }
}
