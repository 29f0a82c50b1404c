package org.posthorn.api.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;

/** A waiting mail as text, for stores that keep text: a line with the format's version, then lines of fields with tabs between, the last one {@code end}. */
public final class QueuedMailText {

    private static final String FORMAT = "posthorn queued mail 1";

    private QueuedMailText() {}

    /** The mail as text. */
    public static String write(QueuedMail mail) {
        List<String> lines = new ArrayList<>();
        lines.add(FORMAT);
        lines.add(line("mail", mail.id(), mail.arrived(), mail.size(), mail.junk()));
        lines.add(line("wait", mail.next(), mail.held(), mail.warned()));
        lines.add(origin(mail.origin()));
        MailParameters with = mail.envelope().parameters();
        Optional<String> sender = mail.envelope().sender().map(Address::toString);
        lines.add(line(
                "sender",
                maybe(sender),
                with.body8bit(),
                with.smtpUtf8(),
                maybe(with.ret()),
                maybe(with.envelopeId()),
                maybe(with.release().map(r -> r.at().toString())),
                maybe(with.release().map(FutureRelease::request))));
        Iterator<QueuedMail.Attempts> attempts = mail.attempts().iterator();
        mail.envelope().recipients().forEach(r -> lines.add(recipient(r, attempts.next())));
        lines.add("end");
        return String.join("\n", lines) + "\n";
    }

    /** The mail that the text is. @throws IOException when it is damaged or of another format */
    public static QueuedMail read(String text) throws IOException {
        try {
            return parse(text.lines().iterator());
        } catch (NoSuchElementException e) {
            throw new IOException("not a queued mail: it is cut short", e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("not a queued mail: " + e.getMessage(), e);
        }
    }

    private static QueuedMail parse(Iterator<String> lines) throws IOException {
        if (!lines.next().equals(FORMAT)) throw new IOException("not in the format \"" + FORMAT + "\"");
        Fields mail = new Fields(lines.next(), "mail");
        MailId id = new MailId(mail.next());
        Instant arrived = Instant.parse(mail.next());
        long size = Long.parseLong(mail.next());
        boolean junk = mail.flag();
        Fields wait = new Fields(lines.next(), "wait");
        Instant next = Instant.parse(wait.next());
        boolean held = wait.flag();
        boolean warned = wait.flag();
        Origin origin = origin(new Fields(lines.next(), "origin"));
        Fields from = new Fields(lines.next(), "sender");
        Optional<Address> sender = from.maybe().map(Address::of);
        MailParameters with = new MailParameters(from.flag(), from.flag(), from.maybe(), from.maybe(), release(from));
        List<Recipient> recipients = new ArrayList<>();
        List<QueuedMail.Attempts> attempts = new ArrayList<>();
        for (String line = lines.next(); !line.equals("end"); line = lines.next()) {
            Fields to = new Fields(line, "recipient");
            recipients.add(new Recipient(Address.of(to.next()), notices(to.next()), to.maybe()));
            attempts.add(new QueuedMail.Attempts(to.flag(), Integer.parseInt(to.next()), to.next(), to.next()));
        }
        Envelope envelope = new Envelope(sender, with, recipients);
        return new QueuedMail(id, arrived, origin, envelope, attempts, size, junk, next, held, warned);
    }

    /** Texts of older versions end before it. */
    private static Optional<FutureRelease> release(Fields from) {
        if (from.over()) return Optional.empty();
        Optional<Instant> at = from.maybe().map(Instant::parse);
        Optional<String> request = from.maybe();
        return at.map(a -> new FutureRelease(a, request.orElse("")));
    }

    private static String origin(Origin o) {
        String client = o.client().getAddress().getHostAddress().replaceFirst("%.*", "");
        Optional<String> login = o.login().map(Address::toString);
        return line(
                "origin",
                o.protocol(),
                client,
                o.client().getPort(),
                o.helo(),
                maybe(login),
                maybe(o.tls()),
                o.server(),
                o.listener());
    }

    private static Origin origin(Fields from) throws IOException {
        String protocol = from.next();
        String client = from.next();
        // What is not an address must not become a question to the DNS.
        if (!client.matches("[0-9a-fA-F.:]+")) throw new IOException("not an IP address: " + client);
        InetSocketAddress socket = new InetSocketAddress(InetAddress.getByName(client), Integer.parseInt(from.next()));
        return new Origin(
                protocol, socket, from.next(), from.maybe().map(Address::of), from.maybe(), from.next(), from.next());
    }

    private static String recipient(Recipient r, QueuedMail.Attempts a) {
        String notices = r.notices().stream().map(Notify::name).sorted().collect(Collectors.joining(","));
        return line(
                "recipient",
                r.address(),
                notices,
                maybe(r.originalRecipient()),
                a.routed(),
                a.count(),
                a.lastHost(),
                a.lastReply());
    }

    private static Set<Notify> notices(String names) {
        if (names.isEmpty()) return Set.of();
        return Stream.of(names.split(",")).map(Notify::valueOf).collect(Collectors.toSet());
    }

    private static String line(Object... fields) {
        return Stream.of(fields).map(f -> escape(f.toString())).collect(Collectors.joining("\t"));
    }

    /** Nothing is the empty field, so that the empty text needs a sign. */
    private static String maybe(Optional<String> value) {
        return value.map(v -> "=" + v).orElse("");
    }

    private static String escape(String s) {
        return s.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                // PostgreSQL takes no NUL in a text.
                .replace("\0", "\\0");
    }

    /** The fields of one line, one after the other. */
    private static final class Fields {
        private final Iterator<String> fields;

        Fields(String line, String name) {
            fields = List.of(line.split("\t", -1)).iterator();
            if (!next().equals(name)) throw new IllegalArgumentException("a line begins not with " + name);
        }

        boolean over() {
            return !fields.hasNext();
        }

        String next() {
            String raw = fields.next();
            if (raw.indexOf('\\') < 0) return raw;
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < raw.length(); i++)
                plain.append(raw.charAt(i) == '\\' && i + 1 < raw.length() ? meant(raw.charAt(++i)) : raw.charAt(i));
            return plain.toString();
        }

        private static char meant(char escaped) {
            return switch (escaped) {
                case 't' -> '\t';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case '0' -> 0;
                default -> escaped;
            };
        }

        boolean flag() {
            String word = next();
            if (!word.equals("true") && !word.equals("false"))
                throw new IllegalArgumentException("neither true nor false: " + word);
            return word.equals("true");
        }

        Optional<String> maybe() {
            String field = next();
            return field.isEmpty() ? Optional.empty() : Optional.of(field.substring(1));
        }
    }
}
