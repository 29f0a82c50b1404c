package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.delivery.smtp.ReplyReader.Raw;

/** One mail for up to a hundred recipients in a session, RFC 5321 3.3; in one breath where the server can take it (RFC 2920). */
final class Transaction {

    private final RemoteSession session;
    private final Extensions can;
    private final Mail mail;
    private final List<Recipient> recipients;
    private final Map<Recipient, Outcome> outcomes;
    private boolean handedOver;

    /** @param outcomes what becomes of each recipient is put here as soon as it is known */
    Transaction(RemoteSession session, Mail mail, List<Recipient> recipients, Map<Recipient, Outcome> outcomes) {
        this.session = session;
        this.can = session.extensions();
        this.mail = mail;
        this.recipients = recipients;
        this.outcomes = outcomes;
    }

    /** Whether the end of the data went out: whether the server has the mail is then not known if no answer came. */
    boolean handedOver() {
        return handedOver;
    }

    /** @throws IOException when the session broke; recipients without an outcome are open */
    void run() throws IOException {
        Optional<Reply> misfit = misfit();
        if (misfit.isPresent()) found(recipients, misfit.get());
        else if (can.has("PIPELINING")) pipelined();
        else stepwise();
    }

    /** What this server cannot be given, it is not offered. */
    private Optional<Reply> misfit() throws IOException {
        long most = can.mostOctets();
        if (most > 0 && mail.message().size() > most)
            return Optional.of(
                    new Reply(552, "5.3.4", "the message is larger than the " + most + " octets that are taken"));
        if (!can.has("SMTPUTF8") && needsUtf8())
            return Optional.of(new Reply(553, "5.6.7", "it needs SMTPUTF8, which is not offered"));
        if (!can.has("8BITMIME") && eightBit())
            return Optional.of(new Reply(554, "5.6.3", "it needs 8BITMIME, which is not offered"));
        return Optional.empty();
    }

    /** RFC 6531 3.4: asked for, and not in vain. */
    private boolean needsUtf8() throws IOException {
        if (mail.envelope().sender().map(a -> a.international()).orElse(false)) return true;
        if (recipients.stream().anyMatch(r -> r.address().international())) return true;
        if (!mail.envelope().parameters().smtpUtf8()) return false;
        return mail.message().header().stream().anyMatch(f -> f.value().chars().anyMatch(c -> c > 127));
    }

    private boolean eightBit() throws IOException {
        try (InputStream in = mail.message().open()) {
            byte[] block = new byte[32 * 1024];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                for (int i = 0; i < n; i++) if (block[i] < 0) return true;
            }
            return false;
        }
    }

    private void pipelined() throws IOException {
        session.wire().write(mailCommand());
        for (Recipient r : recipients) session.wire().write(rcptCommand(r));
        session.wire().write("DATA");
        session.wire().flush(session.timeouts().block());
        Raw from = read();
        List<Recipient> taken = new ArrayList<>();
        for (Recipient r : recipients) if (asked(r, read(), from)) taken.add(r);
        Raw data = session.wire().read(session.timeouts().data());
        if (data.code() == 354) data(taken);
        else refused(taken, data.completed());
    }

    private void stepwise() throws IOException {
        Raw from = say(mailCommand());
        if (!from.positive()) {
            settle(recipients, from.reply());
            return;
        }
        List<Recipient> taken = new ArrayList<>();
        for (Recipient r : recipients) if (asked(r, say(rcptCommand(r)), from)) taken.add(r);
        if (taken.isEmpty()) return;
        session.wire().write("DATA");
        session.wire().flush(session.timeouts().block());
        Raw data = session.wire().read(session.timeouts().data());
        if (data.code() == 354) data(taken);
        else refused(taken, data.completed());
    }

    /** @return whether the recipient is taken; else why not is put down, and if the sender was refused, that is why */
    private boolean asked(Recipient recipient, Raw answer, Raw from) {
        if (from.positive() && answer.positive()) return true;
        Reply why = from.positive() ? tooMany(answer) : from.reply();
        settle(List.of(recipient), why);
        return false;
    }

    /** RFC 5321 4.5.3.1.10: an old way to say "too many recipients", which are to be tried again. */
    private static Reply tooMany(Raw answer) {
        Reply reply = answer.reply();
        return reply.code() == 552 && reply.enhanced().isEmpty() ? new Reply(452, "4.5.3", reply.text()) : reply;
    }

    private void refused(List<Recipient> taken, Raw data) {
        if (data.positive()) found(taken, new Reply(451, "4.5.0", "it answers DATA with " + data.code()));
        else settle(taken, data.reply());
    }

    private void data(List<Recipient> taken) throws IOException {
        if (taken.isEmpty()) {
            // RFC 2920 3.1: DATA was accepted with nobody to get it; nothing is what it gets.
            session.wire().write(".");
            session.wire().flush(session.timeouts().block());
        } else {
            try (InputStream in = mail.message().open()) {
                session.wire().write(in, session.timeouts().block());
            }
            handedOver = true;
            // To go now would leave it open whether they have it, and double the mail.
            session.wire().forever();
        }
        settle(taken, session.wire().read(session.timeouts().end()).completed().reply());
    }

    private Raw say(String command) throws IOException {
        session.wire().write(command);
        session.wire().flush(session.timeouts().block());
        return read();
    }

    private Raw read() throws IOException {
        return session.wire().read(session.timeouts().command()).completed();
    }

    private void found(List<Recipient> who, Reply reply) {
        for (Recipient r : who) outcomes.put(r, SmtpTransport.found(reply, session.server()));
    }

    /** As the server said. */
    private void settle(List<Recipient> who, Reply reply) {
        String host = session.server().toString();
        boolean reports = can.has("DSN");
        for (Recipient r : who)
            outcomes.put(
                    r,
                    reply.positive()
                            ? new Outcome.Delivered(host, reply, true, reports)
                            : SmtpTransport.refused(host, reply));
    }

    private String mailCommand() {
        MailParameters wishes = mail.envelope().parameters();
        StringBuilder line =
                new StringBuilder("MAIL FROM:").append(mail.envelope().reversePath());
        if (can.has("SIZE")) line.append(" SIZE=").append(mail.message().size());
        if (can.has("8BITMIME") && wishes.body8bit()) line.append(" BODY=8BITMIME");
        if (can.has("SMTPUTF8") && wishes.smtpUtf8()) line.append(" SMTPUTF8");
        if (can.has("DSN")) {
            wishes.ret().ifPresent(ret -> line.append(" RET=").append(ret));
            wishes.envelopeId().ifPresent(id -> line.append(" ENVID=").append(id));
        }
        return line.toString();
    }

    private String rcptCommand(Recipient recipient) {
        StringBuilder line =
                new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        if (can.has("DSN")) {
            if (!recipient.notices().isEmpty())
                line.append(" NOTIFY=")
                        .append(recipient.notices().stream()
                                .map(n -> n.name().toUpperCase(Locale.ROOT))
                                .sorted()
                                .collect(Collectors.joining(",")));
            recipient.originalRecipient().ifPresent(o -> line.append(" ORCPT=").append(o));
        }
        return line.toString();
    }
}
