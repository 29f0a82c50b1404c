package org.posthorn.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.events.SentTo.Fate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.mail.Reply;

/** A story as the one sees it who sent the mail: what became of each whom he named, and nothing of where their aliases lead. */
final class SentStory {

    private static final String REMOVED = new Reply(554, "5.7.0", "taken out of the queue by hand").toString();

    /** RFC 5321 4.2, and RFC 3463 2 where it has one. */
    private static final Pattern CODES = Pattern.compile("\\d{3}( \\d\\.\\d{1,3}\\.\\d{1,3})?(?!\\S)");

    /** What is known of the end of a way. */
    private record End(Fate fate, String host, String reply) {

        /** Without what may name it: who has an alias tells nobody where it leads. Of the reply the codes are left. */
        End unnamed() {
            Matcher codes = CODES.matcher(reply);
            return new End(fate, "", codes.lookingAt() ? codes.group() : "");
        }
    }

    /** Those whom the sender named, as he wrote them, and the ends to which they lead. */
    private final Map<Address, Address> named = new LinkedHashMap<>();

    private final Map<Address, Set<Address>> ways = new HashMap<>();
    private final Map<Address, End> ends = new HashMap<>();
    private final Set<Address> shelved = new LinkedHashSet<>();

    private SentStory() {}

    /** Empty when somebody else sent it, or its beginning is lost. */
    static Optional<List<SentTo>> of(Told story, Address account) {
        boolean his = story.events().stream()
                .anyMatch(event -> event instanceof MailEvent.Begun e
                        && e.origin()
                                .login()
                                .filter(login -> login.folded().equals(account.folded()))
                                .isPresent());
        if (!his) return Optional.empty();
        SentStory sent = new SentStory();
        story.events().forEach(sent::take);
        return Optional.of(sent.told());
    }

    private void take(MailEvent event) {
        if (event instanceof MailEvent.Answered e && e.reply().positive()) answered(e);
        else if (event instanceof MailEvent.Discarded) all(Fate.UNKNOWN, "");
        else if (event instanceof MailEvent.Routed e) routed(e);
        else if (event instanceof MailEvent.Shelved e) shelved(e.recipient().folded());
        else if (event instanceof MailEvent.Attempted e) attempted(e);
        else if (event instanceof MailEvent.GivenUp e)
            ends.computeIfPresent(e.recipient().folded(), (a, end) -> new End(Fate.FAILED, end.host, end.reply));
        else if (event instanceof MailEvent.Handled e && e.action() == MailEvent.Action.REMOVED)
            all(Fate.FAILED, REMOVED);
    }

    private void answered(MailEvent.Answered e) {
        Address address = e.recipient().folded();
        named.putIfAbsent(address, e.recipient());
        ends.putIfAbsent(address, waiting(e.reply().toString()));
    }

    private static End waiting(String reply) {
        return new End(Fate.WAITING, "", Printable.line(reply));
    }

    private void routed(MailEvent.Routed e) {
        Address end = e.recipient().folded();
        Address from = e.aliases().isEmpty() ? end : e.aliases().get(0).folded();
        ways.computeIfAbsent(from, a -> new LinkedHashSet<>()).add(end);
        ends.putIfAbsent(end, waiting(""));
    }

    /** The word of the attempt comes behind it, or was lost with a crash. */
    private void shelved(Address recipient) {
        shelved.add(recipient);
        ends.put(recipient, new End(Fate.SHELVED, "", "250 2.0.0 delivered"));
    }

    private void attempted(MailEvent.Attempted e) {
        Address recipient = e.recipient().folded();
        ends.put(recipient, new End(fate(e, recipient), host(e), word(e)));
    }

    private Fate fate(MailEvent.Attempted e, Address recipient) {
        return switch (e.result()) {
            // What says that it is delivered, and put it nowhere, threw it away.
            case DELIVERED -> shelved.contains(recipient) ? Fate.SHELVED : Fate.UNKNOWN;
            case RELAYED, FORWARDED -> Fate.RELAYED;
            case DEFERRED -> Fate.WAITING;
            case FAILED -> Fate.FAILED;
        };
    }

    /** A transport may name it with its address: host[192.0.2.1]:25. */
    private static String host(MailEvent.Attempted e) {
        return Printable.line(e.host()).replaceFirst("(?<=.)\\[.*", "");
    }

    /** In which mailbox it was put, and to whom he has it forwarded, is the recipient's own affair. */
    private static String word(MailEvent.Attempted e) {
        return switch (e.result()) {
            case DELIVERED ->
                e.host().isEmpty()
                        ? "250 2.0.0 delivered"
                        : Printable.line(e.reply().toString());
            case FORWARDED -> "250 2.0.0 forwarded";
            default -> Printable.line(e.reply().toString());
        };
    }

    /** Those who still wait. */
    private void all(Fate fate, String reply) {
        ends.replaceAll((address, end) ->
                end.fate != Fate.WAITING ? end : new End(fate, "", reply.isEmpty() ? end.reply : reply));
    }

    private List<SentTo> told() {
        List<SentTo> told = new ArrayList<>();
        named.forEach((address, written) -> told.add(told(address, written)));
        return told;
    }

    private SentTo told(Address address, Address written) {
        End own = ends.get(address);
        End worst = ways.getOrDefault(address, Set.of(address)).stream()
                .map(end -> end.equals(address) ? own : ends.get(end).unnamed())
                .min((a, b) -> a.fate.compareTo(b.fate))
                .orElse(own);
        String reply = worst.reply.isEmpty() ? own.reply : worst.reply;
        return new SentTo(written, worst.fate, worst.host, reply);
    }
}
