package org.posthorn.jmap.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Blob;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.TransferEncoding;

/** Writes the message that a draft describes, RFC 5322 and RFC 2045. */
final class Composer {

    /** A line of text may be as long, RFC 5322 2.1.1. */
    private static final int LONGEST_LINE = 998;

    private final Context context;
    private final Address account;
    private final OutputStream out;

    Composer(Context context, Address account, OutputStream out) {
        this.context = context;
        this.account = account;
        this.out = out;
    }

    /** Writes it whole. Message-ID and Date are set where the client has set none. */
    void write(EmailDraft draft, Clock clock) throws IOException, MethodFault {
        DraftFields fields = draft.fields();
        StringBuilder own = new StringBuilder();
        String id = "<" + UUID.randomUUID() + "@" + account.domain() + ">";
        if (!given(draft, "Message-ID")) own.append(FieldText.folded("Message-ID", id));
        if (!given(draft, "Date")) own.append(FieldText.folded("Date", FieldText.date(OffsetDateTime.now(clock))));
        if (!given(draft, "MIME-Version")) own.append("MIME-Version: 1.0\r\n");
        octets(own + fields.toString());
        part(draft.body());
    }

    private static boolean given(EmailDraft draft, String name) {
        return draft.fields().has(name) || draft.body().has(name);
    }

    private void octets(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void part(DraftPart part) throws IOException, MethodFault {
        octets(part.fields());
        if (part.isMultipart()) multipart(part);
        else if (part.text().isPresent()) text(part, part.text().get());
        else blob(part, part.blobId().orElseThrow());
    }

    private void multipart(DraftPart part) throws IOException, MethodFault {
        String boundary = "=_" + UUID.randomUUID();
        octets("Content-Type: " + part.type() + part.parameters() + ";\r\n boundary=\"" + boundary + "\"\r\n\r\n");
        for (DraftPart below : part.parts()) {
            octets("--" + boundary + "\r\n");
            part(below);
            octets("\r\n");
        }
        octets("--" + boundary + "--\r\n");
    }

    /** A message in the message may have no encoding, RFC 2046 5.2.1. */
    private void text(DraftPart part, String text) throws IOException {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        boolean ascii = lines.chars().allMatch(c -> c < 128 && c != 0);
        boolean plain = ascii && lines.lines().allMatch(l -> l.length() <= LONGEST_LINE);
        boolean message = part.type().startsWith("message/");
        String charset = message ? "" : ascii ? "; charset=us-ascii" : "; charset=utf-8";
        octets("Content-Type: " + part.type() + charset + part.parameters() + "\r\n");
        String encoding = plain ? "7bit" : message ? "8bit" : "quoted-printable";
        octets("Content-Transfer-Encoding: " + encoding + "\r\n\r\n");
        byte[] octets = lines.getBytes(StandardCharsets.UTF_8);
        if (plain || message) out.write(octets);
        else
            try (OutputStream encoded = TransferEncoding.quotedPrintable(out)) {
                encoded.write(octets);
            }
    }

    private void blob(DraftPart part, String id) throws IOException, MethodFault {
        Optional<Blob> blob = context.blob(account, id);
        boolean message = part.type().equals("message/rfc822");
        octets("Content-Type: " + part.type() + part.parameters() + "\r\n");
        octets("Content-Transfer-Encoding: " + (message ? "8bit" : "base64") + "\r\n\r\n");
        try (InputStream in = blob.orElseThrow(() -> new IOException("the blob " + id + " is gone"))
                .open()) {
            if (message) in.transferTo(out);
            else
                try (OutputStream encoded = TransferEncoding.base64(out)) {
                    in.transferTo(encoded);
                }
        }
    }
}
