package org.posthorn.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.posthorn.api.net.Sink;

/**
 * Looks at the header as it passes: how many servers the mail has seen, which fields are missing. Takes out Authentication-Results fields
 * that claim to be of this server: nobody else may write these (RFC 8601 5), any Return-Path,
 * and of our own users' mail the Bcc.
 */
final class HeaderSink implements Sink {

    private static final String RESULTS = "authentication-results";
    /** Final delivery writes the one Return-Path that counts, RFC 5321 4.4. */
    private static final Set<String> TAKEN_OUT = Set.of("return-path");
    /** Who sends for a user keeps to itself who got a blind copy, RFC 5322 3.6.3. */
    private static final Set<String> TAKEN_OUT_OF_OURS = Set.of("return-path", "bcc", "resent-bcc");
    /** No more of a field of that name is held back to find out whose it is. */
    private static final int LONGEST = 16 * 1024;

    /** A line has 998 characters, RFC 5322 2.1.1. */
    private static final int LONGEST_ID = 998;

    private static final int LONGEST_NAME = 200;
    /** What is asked for: names that begin with one of these letters are looked at. */
    private static final String INITIALS = "aArRdDmMbB";

    private enum State {
        LINE_START,
        NAME,
        PASSING,
        HELD,
        DROPPED,
        BODY
    }

    private final Sink to;
    private final String server;
    private final Set<String> takenOut;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream(64);
    private State state = State.LINE_START;
    /** Of the field that the last line belongs to. */
    private State field = State.PASSING;

    private final StringBuilder messageId = new StringBuilder();
    private boolean identified;
    private boolean collecting;
    private int hops;
    private boolean date;
    private long octets;

    /**
     * @param server what this server calls itself in such fields
     * @param ours whether the mail is of one of our own users
     */
    HeaderSink(Sink to, String server, boolean ours) {
        this.to = to;
        this.server = server;
        this.takenOut = ours ? TAKEN_OUT_OF_OURS : TAKEN_OUT;
    }

    /** Received fields. */
    int hops() {
        return hops;
    }

    boolean date() {
        return date;
    }

    /** Whether there is a Message-ID field, be it empty. */
    boolean identified() {
        return identified;
    }

    /** The first Message-ID, with its brackets; empty when there is none. */
    String messageId() {
        return messageId.toString().strip();
    }

    /** How many came. */
    long octets() {
        return octets;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int from = bytes.position();
        octets += bytes.remaining();
        while (state != State.BODY && bytes.hasRemaining()) {
            int here = bytes.position();
            boolean passed = passes();
            byte octet = bytes.get();
            boolean begins = state == State.LINE_START && !white(octet);
            octet(octet);
            if (passed == passes()) continue;
            // What is held ends before a line that is not, or with this octet.
            if (passed) pass(bytes, from, here);
            from = begins ? here : bytes.position();
        }
        if (passes()) pass(bytes, from, bytes.limit());
        bytes.position(bytes.limit());
    }

    /** The data is whole. */
    void finish() throws IOException {
        if (state == State.NAME) emit();
        else if (field == State.HELD) decide();
    }

    private boolean passes() {
        return state == State.PASSING || state == State.BODY || state == State.LINE_START && field == State.PASSING;
    }

    private void pass(ByteBuffer bytes, int from, int end) throws IOException {
        if (from < end) to.write(bytes.duplicate().position(from).limit(end));
    }

    /** At the beginning of a line it continues the field before. */
    private static boolean white(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private void octet(byte octet) throws IOException {
        switch (state) {
            case LINE_START -> lineStart(octet);
            case NAME -> name(octet);
            case HELD -> hold(octet);
            default -> pass(octet);
        }
    }

    private void pass(byte octet) {
        if (collecting && octet != '\r' && octet != '\n' && messageId.length() < LONGEST_ID)
            messageId.append((char) (octet & 0xff));
        if (octet == '\n') state = State.LINE_START;
    }

    private void lineStart(byte octet) throws IOException {
        if (white(octet)) {
            state = field;
            if (state == State.HELD) hold(octet);
            return;
        }
        if (field == State.HELD) decide();
        field = State.PASSING;
        collecting = false;
        if (octet == '\r' || octet == '\n') state = State.BODY;
        else if (INITIALS.indexOf(octet) < 0) state = State.PASSING;
        else {
            state = State.NAME;
            held.write(octet);
        }
    }

    private void name(byte octet) throws IOException {
        held.write(octet);
        // White space between a name and its colon is obsolete, and read by many (RFC 5322 4.5).
        boolean maybe = held.size() < LONGEST_NAME && text().strip().length() <= RESULTS.length();
        if (octet != ':' && octet != '\n' && maybe) return;
        String name =
                octet == ':' ? text().substring(0, held.size() - 1).strip().toLowerCase(Locale.ROOT) : "";
        if (name.equals(RESULTS)) {
            field = State.HELD;
            state = State.HELD;
            return;
        }
        if (takenOut.contains(name)) {
            field = State.DROPPED;
            state = State.DROPPED;
            held.reset();
            return;
        }
        if (name.equals("received")) hops++;
        date |= name.equals("date");
        collecting = name.equals("message-id") && !identified;
        identified |= collecting;
        emit();
        state = octet == '\n' ? State.LINE_START : State.PASSING;
    }

    private void hold(byte octet) throws IOException {
        held.write(octet);
        state = octet == '\n' ? State.LINE_START : State.HELD;
        if (held.size() < LONGEST) return;
        field = ours() ? State.DROPPED : State.PASSING;
        if (field == State.PASSING) emit();
        held.reset();
        if (state == State.HELD) state = field;
    }

    private void decide() throws IOException {
        if (!ours()) emit();
        held.reset();
    }

    private void emit() throws IOException {
        to.write(ByteBuffer.wrap(held.toByteArray()));
        held.reset();
    }

    private boolean ours() {
        return AuthenticationResults.claims(text().substring(RESULTS.length()), server);
    }

    private String text() {
        return held.toString(StandardCharsets.ISO_8859_1);
    }
}
