package org.posthorn.imap.command;

import java.io.IOException;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.StoredMessage;

/** What a section of a message stands for. */
sealed interface Extent {

    /** Tells it as a literal. */
    void write(FetchedMessage out) throws IOException;

    /** The same as a piece of another message. @param of the message that has it */
    Joined.Piece piece(Message of);

    /** How much of it is held in memory, in octets. */
    default long held() {
        return 0;
    }

    /** Octets of the message as they lie there. */
    record Slice(long from, long count) implements Extent {

        @Override
        public void write(FetchedMessage out) throws IOException {
            out.literal(from, count);
        }

        @Override
        public Joined.Piece piece(Message of) {
            return new Joined.Piece(of, from, count);
        }
    }

    /** What was picked out of a header; characters stand for octets. */
    record Text(String text) implements Extent {

        @Override
        public void write(FetchedMessage out) {
            out.literal(text);
        }

        @Override
        public Joined.Piece piece(Message of) {
            return Joined.Piece.of(StoredMessage.of(text));
        }

        @Override
        public long held() {
            return text.length();
        }
    }
}
