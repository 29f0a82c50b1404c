package org.posthorn.lab;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Messages of the DNS (RFC 1035 4) as text, as far as the lab's servers ask: {@code two.test. MX?} and {@code two.test. MX 10 mail.two.test.} */
final class DnsText {

    private static final int MX = 15;
    private static final Map<Integer, String> TYPES =
            Map.of(1, "A", MX, "MX", 16, "TXT", 12, "PTR", 28, "AAAA", 52, "TLSA");
    private static final Map<Integer, String> CODES = Map.of(2, "SERVFAIL", 3, "NXDOMAIN", 5, "REFUSED");
    private static final int HEADER = 12;
    private static final int MOST_JUMPS = 32;

    private final ByteBuffer wire;

    private DnsText(byte[] wire) {
        this.wire = ByteBuffer.wrap(wire);
    }

    /** What is asked; never fails. */
    static String question(byte[] wire) {
        try {
            DnsText text = new DnsText(wire);
            text.wire.position(HEADER);
            String name = text.name();
            return name + " " + type(text.wire.getShort() & 0xffff) + "?";
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return "(a question that is not understood)";
        }
    }

    /** What is answered, a line a record; never fails. */
    static List<String> answers(byte[] wire) {
        List<String> lines = new ArrayList<>();
        try {
            new DnsText(wire).answers(lines);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | UnknownHostException e) {
            lines.add("(an answer that is not understood)");
        }
        return lines;
    }

    private void answers(List<String> lines) throws UnknownHostException {
        int code = wire.get(3) & 15;
        int count = wire.getShort(6) & 0xffff;
        wire.position(HEADER);
        name();
        wire.getInt();
        for (int i = 0; i < count; i++) lines.add(record());
        if (code != 0) lines.add(CODES.getOrDefault(code, "error " + code));
        else if (count == 0) lines.add("there is none");
    }

    private String record() throws UnknownHostException {
        String name = name();
        int type = wire.getShort() & 0xffff;
        wire.getShort();
        wire.getInt();
        int length = wire.getShort() & 0xffff;
        int end = wire.position() + length;
        String value;
        if (type == MX) value = (wire.getShort() & 0xffff) + " " + name();
        else if (length == 4 || length == 16) value = address(length);
        else value = "(" + length + " octets)";
        wire.position(end);
        return name + " " + type(type) + " " + value;
    }

    private String address(int length) throws UnknownHostException {
        byte[] octets = new byte[length];
        wire.get(octets);
        return InetAddress.getByAddress(octets).getHostAddress();
    }

    private static String type(int number) {
        return TYPES.getOrDefault(number, "TYPE" + number);
    }

    /** Labels, and pointers to earlier ones: RFC 1035 4.1.4. */
    private String name() {
        StringBuilder name = new StringBuilder();
        int back = -1;
        for (int jumps = 0; ; ) {
            int length = wire.get() & 0xff;
            if (length == 0) break;
            if (length < 64) {
                byte[] label = new byte[length];
                wire.get(label);
                name.append(TextLines.printable(new String(label, StandardCharsets.ISO_8859_1)))
                        .append('.');
                continue;
            }
            if (++jumps > MOST_JUMPS) throw new IllegalArgumentException("a name that goes round in circles");
            int to = (length & 63) << 8 | wire.get() & 0xff;
            if (back < 0) back = wire.position();
            wire.position(to);
        }
        if (back >= 0) wire.position(back);
        return name.length() == 0 ? "." : name.toString();
    }
}
