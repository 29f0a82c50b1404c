package org.posthorn.mime;

import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** The mail itself, or its header, as the last part of a report, RFC 6522 3 and 4. It is read as it is written. */
final class ReturnedMail implements DataSource {

    /** Of a header that is given back alone, in octets. */
    private static final int LONGEST_HEADER = 64 << 10;

    private final Message message;
    private final boolean whole;
    private final boolean international;
    private final byte[] header;

    ReturnedMail(Message message, boolean whole, boolean international) throws IOException {
        this.message = message;
        this.whole = whole;
        this.international = international;
        this.header = whole ? new byte[0] : header(message);
    }

    private static byte[] header(Message message) throws IOException {
        StringBuilder text = new StringBuilder();
        for (HeaderField field : message.header()) {
            String next = field.toString();
            if (text.length() + next.length() > LONGEST_HEADER) break;
            text.append(next);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether there is an octet in it that is not ASCII. */
    boolean eightBit() throws IOException {
        byte[] octets = new byte[8192];
        try (InputStream in = getInputStream()) {
            for (int n = in.read(octets); n >= 0; n = in.read(octets))
                for (int i = 0; i < n; i++) if (octets[i] < 0) return true;
        }
        return false;
    }

    MimeBodyPart part() throws MessagingException, IOException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(this));
        part.setHeader("Content-Type", getContentType());
        part.setHeader("Content-Description", whole ? "Your mail" : "The header of your mail");
        part.setHeader("Content-Transfer-Encoding", eightBit() ? "8bit" : "7bit");
        return part;
    }

    @Override
    public String getContentType() {
        if (international) return whole ? "message/global" : "message/global-headers";
        return whole ? "message/rfc822" : "text/rfc822-headers";
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return whole ? message.open() : new ByteArrayInputStream(header);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        throw new IOException("it is only read");
    }

    @Override
    public String getName() {
        return "";
    }
}
