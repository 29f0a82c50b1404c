package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;

/** A piece of what becomes a blob, RFC 9404 4.1: it is looked at when its turn comes. */
@FunctionalInterface
interface DataSource {

    /** From the start. The caller closes the stream. @throws Invalid when there is no such piece */
    InputStream open() throws IOException;

    /** Why no blob can be made of it. */
    final class Invalid extends IOException {
        private static final long serialVersionUID = 1;

        private final transient SetError error;

        Invalid(SetError error) {
            super(error.description());
            this.error = error;
        }

        Invalid(String description) {
            this(SetError.invalidProperties(description, "data"));
        }

        SetError error() {
            return error;
        }
    }

    /** @throws Invalid when it is none */
    static DataSource of(Context context, Address account, ObjectNode json) throws IOException, MethodFault {
        Optional<String> text;
        Optional<String> base64;
        Optional<String> id;
        OptionalLong offset;
        OptionalLong length;
        try {
            Arguments members = new Arguments(json);
            text = members.optionalString("data:asText");
            base64 = members.optionalString("data:asBase64");
            id = members.optionalString("blobId");
            offset = members.unsigned("offset");
            length = members.unsigned("length");
            members.end();
        } catch (MethodFault wrong) {
            throw new Invalid(wrong.error().description());
        }
        boolean ranged = offset.isPresent() || length.isPresent();
        if (Stream.of(text, base64, id).filter(Optional::isPresent).count() != 1 || ranged && id.isEmpty())
            throw new Invalid("A source is a text, or octets in base64, or a blob or a part of it");
        if (text.isPresent()) return () -> text(text.get());
        if (base64.isPresent()) return () -> base64(base64.get());
        Blob blob = context.blob(account, id.get())
                .orElseThrow(() -> new Invalid(SetError.blobNotFound(List.of(id.get()))));
        return () -> part(blob, offset.orElse(0), length);
    }

    private static InputStream text(String text) throws Invalid {
        try {
            ByteBuffer octets = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return new ByteArrayInputStream(octets.array(), 0, octets.limit());
        } catch (CharacterCodingException e) {
            throw new Invalid("A text has half a character");
        }
    }

    private static InputStream base64(String text) throws Invalid {
        try {
            return new ByteArrayInputStream(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new Invalid("What is said to be base64 is not: " + e.getMessage());
        }
    }

    private static InputStream part(Blob blob, long offset, OptionalLong length) throws IOException {
        InputStream in = blob.open();
        try {
            in.skipNBytes(offset);
            return length.isEmpty() ? in : new Exactly(in, length.getAsLong());
        } catch (EOFException tooShort) {
            in.close();
            throw beyond();
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static Invalid beyond() {
        return new Invalid("A part of a blob goes beyond its end");
    }

    /** So many octets of a stream, and not fewer. */
    final class Exactly extends FilterInputStream {
        private long left;

        Exactly(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (most == 0) return 0;
            if (left == 0) return -1;
            int n = in.read(into, from, (int) Math.min(most, left));
            if (n < 0) throw beyond();
            left -= n;
            return n;
        }
    }
}
