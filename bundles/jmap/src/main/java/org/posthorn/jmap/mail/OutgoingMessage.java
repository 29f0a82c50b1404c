package org.posthorn.jmap.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.posthorn.api.mail.Message;
import org.posthorn.api.net.Sink;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * A message that is to be sent, looked through once: what the doors of SMTP would not take is refused here too.
 *
 * @param eightBit whether it has octets above ASCII, {@code utf8Header} in its header
 * @param ended whether its last line has an end
 */
record OutgoingMessage(Message message, boolean eightBit, boolean utf8Header, boolean ended) {

    private static final int BLOCK = 1 << 14;
    private static final byte[] LINE_END = {'\r', '\n'};

    static OutgoingMessage of(Message message) throws IOException, Refusal {
        Look look = new Look();
        try (InputStream in = message.open()) {
            byte[] block = new byte[BLOCK];
            for (int n; (n = in.read(block)) > 0; ) look.at(block, n);
        }
        // What goes through as a line end here may be read as none elsewhere, and mail with it: RFC 5321 2.3.8.
        if (look.bare || look.last == '\r')
            throw new Refusal(SetError.of("invalidEmail", "In the message CR and LF do not stand together everywhere")
                    .of(List.of("blobId")));
        return new OutgoingMessage(message, look.eightBit, look.utf8Header, look.last == '\n');
    }

    private static final class Look {
        private boolean bare;
        private boolean eightBit;
        private boolean utf8Header;
        private boolean inBody;
        private int last = '\n';
        private int length;

        void at(byte[] block, int n) {
            for (int i = 0; i < n; i++) {
                int c = block[i] & 0xFF;
                if (c == '\n' ? last != '\r' : last == '\r') bare = true;
                if (c > 127) eightBit = true;
                if (c > 127 && !inBody) utf8Header = true;
                if (c == '\n') {
                    inBody |= length == 0;
                    length = 0;
                } else if (c != '\r') length++;
                last = c;
            }
        }
    }

    void writeTo(Sink sink) throws IOException {
        try (InputStream in = message.open()) {
            byte[] block = new byte[BLOCK];
            for (int n; (n = in.read(block)) > 0; ) sink.write(ByteBuffer.wrap(block, 0, n));
        }
        if (!ended) sink.write(ByteBuffer.wrap(LINE_END));
    }
}
