package org.posthorn.filter.dnsbl;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block list: {@code zen.example.org}, or with the answers that count {@code zen.example.org=127.0.0.2-11;127.0.1.2}. Without them all
 * answers from 127.0.0.0/8 count, RFC 5782 2.1, but those from 127.255.255.0/24, by which lists say that they do not answer.
 */
record Zone(String name, List<Answers> answers) {

    private static final Pattern ANSWERS =
            Pattern.compile("127\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:-(\\d{1,3}))?");
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_-]{1,63}\\.)+[A-Za-z0-9-]{1,63}");

    /** Addresses 127.{@code second}.{@code third}.{@code from} to {@code to}. */
    record Answers(int second, int third, int from, int to) {
        boolean hold(byte[] a) {
            int last = a[3] & 0xFF;
            return a[0] == 127 && (a[1] & 0xFF) == second && (a[2] & 0xFF) == third && last >= from && last <= to;
        }
    }

    /** @throws IllegalArgumentException when it is none */
    static Zone parse(String text) {
        int equals = text.indexOf('=');
        String name = (equals < 0 ? text : text.substring(0, equals)).strip();
        if (!NAME.matcher(name).matches()) throw new IllegalArgumentException(text);
        List<Answers> answers = new ArrayList<>();
        if (equals >= 0)
            for (String part : text.substring(equals + 1).split(";", -1)) answers.add(answers(part.strip()));
        return new Zone(name, answers);
    }

    private static Answers answers(String text) {
        Matcher m = ANSWERS.matcher(text);
        if (!m.matches()) throw new IllegalArgumentException(text);
        int from = octet(m.group(3));
        int to = m.group(4) == null ? from : octet(m.group(4));
        if (to < from) throw new IllegalArgumentException(text);
        return new Answers(octet(m.group(1)), octet(m.group(2)), from, to);
    }

    private static int octet(String digits) {
        int octet = Integer.parseInt(digits);
        if (octet > 255) throw new IllegalArgumentException(digits);
        return octet;
    }

    /** Where the list says something of that address, RFC 5782 2.1 and 2.4. */
    String question(InetAddress client) {
        byte[] octets = client.getAddress();
        StringBuilder question = new StringBuilder();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (octets.length == 4) question.append(octets[i] & 0xFF).append('.');
            else
                question.append(Integer.toHexString(octets[i] & 0xF))
                        .append('.')
                        .append(Integer.toHexString(octets[i] >> 4 & 0xF))
                        .append('.');
        }
        return question.append(name).toString();
    }

    /** Whether the answer says that the list has it. */
    boolean listed(InetAddress answer) {
        if (!(answer instanceof Inet4Address)) return false;
        byte[] octets = answer.getAddress();
        if (answers.isEmpty()) return octets[0] == 127 && !refused(answer);
        return answers.stream().anyMatch(a -> a.hold(octets));
    }

    /** Whether the answer says that the list does not answer us. */
    boolean refused(InetAddress answer) {
        byte[] octets = answer.getAddress();
        return octets.length == 4 && octets[0] == 127 && octets[1] == -1 && octets[2] == -1;
    }
}
