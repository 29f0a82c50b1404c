package org.posthorn.mime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.net.Sink;

/** Gathers the fields that say who wrote a message, RFC 5322 3.6.2, as its header passes. Knows every form that any reader may take for one. */
final class AuthorFields implements Sink {

    /** More than so much of them, in octets, nobody writes who has nothing to hide. */
    private static final int LONGEST = 1 << 13;

    private static final int LONGEST_NAME = 64;

    private enum State {
        LINE_START,
        NAME,
        WANTED,
        OTHER,
        BODY
    }

    private final Sink to;
    private final StringBuilder text = new StringBuilder();
    private final List<String> values = new ArrayList<>();
    private State state = State.LINE_START;
    /** What a line that begins with white space belongs to. */
    private State field = State.OTHER;

    private int left = LONGEST;

    AuthorFields(Sink to) {
        this.to = to;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        for (int i = bytes.position(); i < bytes.limit() && state != State.BODY; i++)
            octet((char) (bytes.get(i) & 0xFF));
        to.write(bytes);
    }

    private void octet(char c) {
        if (state == State.LINE_START) lineStart(c);
        if (state == State.NAME) name(c);
        else if (state == State.WANTED && left-- > 0) text.append(c);
        if (c == '\n' && state != State.BODY) state = State.LINE_START;
    }

    private void lineStart(char c) {
        if (c == ' ' || c == '\t') state = field;
        else {
            end();
            state = c == '\r' ? State.BODY : State.NAME;
        }
    }

    private void name(char c) {
        if (c == ':') {
            // White space before the colon is obsolete, and read by many, RFC 5322 4.5.
            String name = text.toString().strip();
            field = name.equalsIgnoreCase("From") || name.equalsIgnoreCase("Sender") ? State.WANTED : State.OTHER;
        } else if (text.length() < LONGEST_NAME && c != '\n') {
            text.append(c);
            return;
        } else field = State.OTHER;
        state = field;
        text.setLength(0);
    }

    private void end() {
        if (field == State.WANTED) values.add(text.toString());
        field = State.OTHER;
        text.setLength(0);
    }

    /** What stands in them, when the message has passed; empty when it was too much. */
    Optional<List<String>> values() {
        end();
        return left > 0 ? Optional.of(values) : Optional.empty();
    }
}
