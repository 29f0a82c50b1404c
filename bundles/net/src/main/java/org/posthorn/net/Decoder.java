package org.posthorn.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Input;
import org.posthorn.api.net.LineFault;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;

/**
 * Cuts what comes into lines, or gives it to a sink. A line ends with CRLF and with nothing else (RFC 5321 2.3.8). Keeps no buffer between
 * lines, and never more than one line of the length that is allowed.
 */
final class Decoder implements Input {

    private static final int BEGIN = Conversation.BEGIN;
    private static final int END = Conversation.END;
    private static final int CRLF = 2;

    /** What came next. */
    enum Event {
        /** Nothing whole yet. */
        MORE,
        LINE,
        BROKEN,
        RECEIVED,
        /** A line that was too long long ago and does not end. */
        ENDLESS
    }

    private static final byte[] NONE = {};
    private static final int ENDLESS_AFTER = 1 << 20;

    private int limit = 2048;
    private byte[] held = NONE;
    private int count;
    private LineFault fault;
    /** The first octets of a line that was dropped. */
    private byte[] first = NONE;
    /** The last ones, with the line's end. */
    private byte[] latest = NONE;

    private long dropped;
    private byte last;
    private Transfer transfer;
    private String line;
    private LineFault broken;
    private String ends;
    private Received received;

    @Override
    public void lineLimit(int octets) {
        limit = octets;
    }

    /** Between two lines: what is asked for from now on is void when the result is run. */
    Runnable between() {
        int now = limit;
        return () -> {
            limit = now;
            transfer = null;
        };
    }

    @Override
    public void receive(long octets, Sink sink) {
        transfer = new Transfer.Counted(octets, sink);
    }

    @Override
    public void receiveDotted(long most, Sink sink) {
        transfer = new Transfer.Dotted(most, sink);
    }

    /** Looks for the next event in the octets of a buffer that has an array; those behind the event stay there. */
    Event next(ByteBuffer in) {
        if (transfer == null) return nextLine(in);
        if (!transfer.take(in)) return Event.MORE;
        received = transfer.received();
        transfer = null;
        return Event.RECEIVED;
    }

    String line() {
        return line;
    }

    LineFault broken() {
        return broken;
    }

    /** How the line that was broken begins and ends. */
    String ends() {
        return ends;
    }

    Received received() {
        return received;
    }

    boolean transferring() {
        return transfer != null;
    }

    /** Whether it holds the beginning of a line. */
    boolean midLine() {
        return count > 0 || dropped > 0;
    }

    private Event nextLine(ByteBuffer in) {
        byte[] octets = in.array();
        int begin = in.arrayOffset() + in.position();
        int end = in.arrayOffset() + in.limit();
        for (int i = begin; i < end; i++) {
            if (octets[i] != '\n') continue;
            if ((i > begin ? octets[i - 1] : last) == '\r') {
                in.position(i + 1 - in.arrayOffset());
                return endLine(octets, begin, i + 1);
            }
            fault = LineFault.BARE_LINE_END;
        }
        in.position(in.limit());
        if (end > begin) last = octets[end - 1];
        hold(octets, begin, end);
        if (dropped < ENDLESS_AFTER) return Event.MORE;
        return Event.ENDLESS;
    }

    private Event endLine(byte[] octets, int begin, int end) {
        if (count == 0 && dropped == 0) line = text(octets, begin, end);
        else {
            hold(octets, begin, end);
            line = text(held, 0, count);
        }
        if (dropped > 0 || line.length() > limit) fault = LineFault.TOO_LONG;
        else if (line.indexOf('\r') >= 0) fault = LineFault.BARE_LINE_END;
        broken = fault;
        if (fault != null) ends = dropped > 0 ? endsOfDropped() : ends(line);
        forgetLine();
        return broken == null ? Event.LINE : Event.BROKEN;
    }

    private static String text(byte[] octets, int begin, int end) {
        return new String(octets, begin, Math.max(0, end - begin - 2), StandardCharsets.ISO_8859_1);
    }

    private static String ends(String line) {
        if (line.length() <= BEGIN + END) return line;
        return line.substring(0, BEGIN) + line.substring(line.length() - END);
    }

    private String endsOfDropped() {
        int length = (int) Math.max(0, Math.min(dropped - CRLF - BEGIN, END));
        return beginning(dropped - CRLF)
                + new String(latest, latest.length - CRLF - length, length, StandardCharsets.ISO_8859_1);
    }

    private void hold(byte[] octets, int begin, int end) {
        int more = end - begin;
        if (dropped > 0 || count + more > limit + 2) {
            if (dropped == 0) {
                first = Arrays.copyOf(held, Math.min(count, BEGIN));
                latest = latest(held, 0, count);
            }
            first = first(octets, begin, more);
            latest = latest(octets, begin, more);
            dropped += more + count;
            held = NONE;
            count = 0;
            return;
        }
        if (count + more > held.length)
            held = Arrays.copyOf(held, Math.min(limit + 2, Math.max(2 * count, count + more)));
        System.arraycopy(octets, begin, held, count, more);
        count += more;
    }

    private byte[] first(byte[] octets, int from, int more) {
        if (first.length == BEGIN) return first;
        byte[] longer = Arrays.copyOf(first, first.length + Math.min(more, BEGIN - first.length));
        System.arraycopy(octets, from, longer, first.length, longer.length - first.length);
        return longer;
    }

    private byte[] latest(byte[] octets, int from, int more) {
        int length = Math.min(latest.length + more, END + CRLF);
        int fresh = Math.min(more, length);
        int before = length - fresh;
        byte[] kept = new byte[length];
        System.arraycopy(latest, latest.length - before, kept, 0, before);
        System.arraycopy(octets, from + more - fresh, kept, before, fresh);
        return kept;
    }

    /** How a line without end begins. */
    String beginning() {
        return beginning(dropped);
    }

    private String beginning(long length) {
        return new String(first, 0, (int) Math.min(first.length, length), StandardCharsets.ISO_8859_1);
    }

    private void forgetLine() {
        first = NONE;
        latest = NONE;
        held = NONE;
        count = 0;
        dropped = 0;
        last = 0;
        fault = null;
    }
}
