package org.posthorn.events;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Printable;

/** Events in a person's words, one line each. */
record Words(ZoneId zone) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    String time(Instant when) {
        return TIME.format(when.atZone(zone));
    }

    /** The line, without its time. */
    String of(MailEvent event) {
        return Printable.line(plain(event));
    }

    private String plain(MailEvent event) {
        if (event instanceof MailEvent.Begun e) return begun(e);
        if (event instanceof MailEvent.Judged e) return judged(e);
        if (event instanceof MailEvent.Answered e) return answered(e);
        if (event instanceof MailEvent.Content e)
            return e.octets() + " octets came"
                    + (e.messageId().isEmpty() ? ", without a Message-ID" : ", Message-ID " + e.messageId());
        if (event instanceof MailEvent.Refused e)
            return "refused at " + e.stage() + ": " + e.reply() + (e.why().isEmpty() ? "" : " (" + e.why() + ")");
        if (event instanceof MailEvent.Abandoned e) return "the client left it unfinished, behind " + e.stage();
        if (event instanceof MailEvent.Discarded e) return "thrown away, the client was told yes: " + e.why();
        if (event instanceof MailEvent.Accepted e) return "accepted: " + e.reply() + (e.junk() ? "; it is junk" : "");
        return further(event);
    }

    private String further(MailEvent event) {
        if (event instanceof MailEvent.Routed e) return routed(e);
        if (event instanceof MailEvent.Contacted e) return contacted(e);
        if (event instanceof MailEvent.Attempted e) return attempted(e);
        if (event instanceof MailEvent.Shelved e) return bracketed(e.recipient()) + " lies in " + place(e);
        if (event instanceof MailEvent.Waiting e) return "waits, and is tried again at " + time(e.until());
        if (event instanceof MailEvent.Postponed e) return "waits until " + time(e.until()) + ", as its sender wishes";
        if (event instanceof MailEvent.GivenUp e)
            return bracketed(e.recipient()) + " is given up: it was tried for too long";
        if (event instanceof MailEvent.Reported e)
            return bracketed(e.to()) + " is told that it " + became(e.what()) + ", by mail " + e.report();
        if (event instanceof MailEvent.Report e) return "it tells that mail " + e.about() + " " + became(e.what());
        MailEvent.Handled handled = (MailEvent.Handled) event;
        return handled.action().name().toLowerCase(Locale.ROOT) + " by " + handled.by();
    }

    private static String bracketed(Address address) {
        return "<" + address + ">";
    }

    private static String became(String what) {
        return (what.equals("failed") ? "" : what.equals("delayed") ? "is " : "was ") + what;
    }

    private static String begun(MailEvent.Begun e) {
        String sender = "<" + e.sender().map(Address::toString).orElse("") + ">";
        Origin origin = e.origin();
        String login = origin.login().map(l -> ", logged in as " + l).orElse("");
        if (origin.client().getPort() == 0) return "made here by " + origin.server() + ", from " + sender + login;
        return "came from " + Scalar.socket(origin.client())
                + (origin.helo().isEmpty() ? "" : ", which calls itself " + origin.helo())
                + ", through the listener " + origin.listener() + " by " + origin.protocol()
                + origin.tls().map(tls -> ", " + tls).orElse(", in clear")
                + login + "; sender " + sender;
    }

    private static String judged(MailEvent.Judged e) {
        String by = e.bundle().isEmpty() ? "" : ", " + e.bundle() + " " + e.version();
        return "filter " + e.filter() + ": " + e.word().name().toLowerCase(Locale.ROOT) + " at " + e.moment()
                + e.recipient().map(r -> " " + bracketed(r)).orElse("")
                + (e.reason().isEmpty() ? "" : ": " + e.reason())
                + (e.findings().isEmpty() ? "" : "; " + String.join("; ", e.findings()))
                + " (" + millis(e.took()) + by + ")";
    }

    static String millis(Duration took) {
        return String.format(Locale.ROOT, "%.2f ms", took.toNanos() / 1e6);
    }

    private static String answered(MailEvent.Answered e) {
        if (e.reply().positive()) return bracketed(e.recipient()) + " taken";
        return bracketed(e.recipient()) + " refused by " + e.by() + ": " + e.reply();
    }

    private static String routed(MailEvent.Routed e) {
        return bracketed(e.recipient()) + " goes by " + e.transport() + " to " + e.nextHop() + through(e.aliases());
    }

    static String through(List<Address> aliases) {
        if (aliases.isEmpty()) return "";
        return ", for the alias " + aliases.stream().map(Words::bracketed).collect(Collectors.joining(" and then "));
    }

    private static String contacted(MailEvent.Contacted e) {
        if (e.refusal().isPresent())
            return e.server() + " takes nothing: " + e.refusal().get();
        return "connected to " + e.server() + e.tls().map(tls -> ", " + tls).orElse(", in clear");
    }

    private static String attempted(MailEvent.Attempted e) {
        String by = e.transport().isEmpty() ? "" : " by " + e.transport();
        String host = e.host().isEmpty() ? "" : ", " + e.host() + " said";
        return bracketed(e.recipient()) + " " + e.result().name().toLowerCase(Locale.ROOT) + by + host + ": "
                + e.reply();
    }

    static String place(MailEvent.Shelved e) {
        return "the mailbox " + e.mailbox() + " of " + e.account() + ", UID " + e.uid() + " (" + e.format() + ")";
    }
}
