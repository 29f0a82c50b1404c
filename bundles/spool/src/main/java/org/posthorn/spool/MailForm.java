package org.posthorn.spool;

import static org.posthorn.spool.RecordForm.text;
import static org.posthorn.spool.RecordForm.uuid;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;

/**
 * A mail without its octets, in a record. Beside it: the boot of the machine, and the size of a large message's file (0 for others). The octet of BODY is 1 for 8BITMIME, and
 * 2 more when a time of release ends the form; forms of older versions have 0 or 1.
 */
final class MailForm {

    /** What was read. The mail has no message yet. */
    record Described(Mail mail, UUID boot, long largeSize) {}

    private static final int EIGHT_BIT = 1;
    private static final int RELEASE = 2;

    private MailForm() {}

    static byte[] write(Mail mail, UUID boot, long largeSize) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(384);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(mail.id().number());
        uuid(out, boot);
        out.writeLong(largeSize);
        out.writeLong(mail.arrived().getEpochSecond());
        out.writeInt(mail.arrived().getNano());
        out.writeBoolean(mail.junk());
        origin(out, mail.origin());
        envelope(out, mail.envelope());
        return bytes.toByteArray();
    }

    static Described read(DataInputStream in, Message none) throws IOException {
        MailId id = MailId.of(in.readLong());
        UUID boot = uuid(in);
        long largeSize = in.readLong();
        Instant arrived = instant(in.readLong(), in.readInt());
        boolean junk = in.readBoolean();
        return new Described(new Mail(id, arrived, origin(in), envelope(in), none, junk), boot, largeSize);
    }

    private static Instant instant(long second, int nano) throws IOException {
        try {
            return Instant.ofEpochSecond(second, nano);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IOException("a time that there is not", e);
        }
    }

    private static void origin(DataOutputStream out, Origin origin) throws IOException {
        text(out, origin.protocol());
        InetAddress address = origin.client().getAddress();
        byte[] octets = address == null ? new byte[0] : address.getAddress();
        out.writeByte(octets.length);
        out.write(octets);
        out.writeInt(origin.client().getPort());
        text(out, origin.helo());
        address(out, origin.login());
        maybe(out, origin.tls());
        text(out, origin.server());
        text(out, origin.listener());
    }

    private static Origin origin(DataInputStream in) throws IOException {
        String protocol = text(in);
        byte[] octets = in.readNBytes(in.readUnsignedByte());
        InetAddress host = octets.length == 0 ? InetAddress.getLoopbackAddress() : InetAddress.getByAddress(octets);
        InetSocketAddress client = new InetSocketAddress(host, in.readInt());
        return new Origin(protocol, client, text(in), address(in), maybe(in), text(in), text(in));
    }

    private static void envelope(DataOutputStream out, Envelope envelope) throws IOException {
        address(out, envelope.sender());
        MailParameters parameters = envelope.parameters();
        out.writeByte(
                (parameters.body8bit() ? EIGHT_BIT : 0) | (parameters.release().isPresent() ? RELEASE : 0));
        out.writeBoolean(parameters.smtpUtf8());
        maybe(out, parameters.ret());
        maybe(out, parameters.envelopeId());
        out.writeInt(envelope.recipients().size());
        for (Recipient recipient : envelope.recipients()) {
            address(out, Optional.of(recipient.address()));
            int notices = 0;
            for (Notify notify : recipient.notices()) notices |= 1 << notify.ordinal();
            out.writeByte(notices);
            maybe(out, recipient.originalRecipient());
        }
        if (parameters.release().isPresent()) release(out, parameters.release().get());
    }

    private static void release(DataOutputStream out, FutureRelease release) throws IOException {
        out.writeLong(release.at().toEpochMilli());
        text(out, release.request());
    }

    private static FutureRelease release(DataInputStream in) throws IOException {
        return new FutureRelease(Instant.ofEpochMilli(in.readLong()), text(in));
    }

    private static Envelope envelope(DataInputStream in) throws IOException {
        Optional<Address> sender = address(in);
        int flags = in.readUnsignedByte();
        MailParameters parameters =
                new MailParameters((flags & EIGHT_BIT) != 0, in.readBoolean(), maybe(in), maybe(in));
        int count = in.readInt();
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Address address = address(in).orElseThrow(() -> new IOException("a recipient without an address"));
            recipients.add(new Recipient(address, notices(in.readByte()), maybe(in)));
        }
        if ((flags & RELEASE) != 0) parameters = parameters.with(release(in));
        return new Envelope(sender, parameters, recipients);
    }

    private static Set<Notify> notices(int bits) {
        Set<Notify> notices = EnumSet.noneOf(Notify.class);
        for (Notify notify : Notify.values()) if ((bits >> notify.ordinal() & 1) != 0) notices.add(notify);
        return notices;
    }

    private static void address(DataOutputStream out, Optional<Address> address) throws IOException {
        out.writeBoolean(address.isPresent());
        if (address.isEmpty()) return;
        text(out, address.get().localPart());
        text(out, address.get().domain());
    }

    private static Optional<Address> address(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(new Address(text(in), text(in))) : Optional.empty();
    }

    private static void maybe(DataOutputStream out, Optional<String> text) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) text(out, text.get());
    }

    private static Optional<String> maybe(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(text(in)) : Optional.empty();
    }
}
