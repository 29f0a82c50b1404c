package org.posthorn.events;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Reply;

/** Single values as short texts, and back. Times are microseconds since the mail's id was given, which holds its own time. */
record Scalar(MailId mail) {

    /** Texts of others are cut here: a story must not grow with what a stranger says. */
    static final int LONGEST = 400;

    String write(Object value) {
        if (value instanceof String s) return s.length() <= LONGEST ? s : s.substring(0, LONGEST - 1) + "\u2026";
        if (value instanceof Instant i) return Long.toString(micros(i) - mail.number());
        if (value instanceof Duration d) return Long.toString(d.toNanos() / 1_000);
        if (value instanceof Boolean b) return b ? "1" : "0";
        if (value instanceof Enum<?> e) return e.name().toLowerCase(Locale.ROOT);
        if (value instanceof InetSocketAddress s) return socket(s);
        return value instanceof Reply r ? write(r.toString()) : String.valueOf(value);
    }

    /** An address and a port as people write them. */
    static String socket(InetSocketAddress socket) {
        if (socket.getAddress() == null) return "unknown:" + socket.getPort();
        String full = socket.getAddress().getHostAddress();
        int scope = full.indexOf('%');
        String host = scope < 0 ? full : full.substring(0, scope);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + socket.getPort();
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** The value of that type; of an empty text the emptiest one. @throws IllegalArgumentException when the text is none of that type */
    Object read(String text, Class<?> type) {
        if (type == String.class) return text;
        if (type == Instant.class) return Instant.EPOCH.plus(number(text) + mail.number(), ChronoUnit.MICROS);
        if (type == Duration.class) return Duration.of(number(text), ChronoUnit.MICROS);
        if (type == boolean.class) return text.equals("1");
        if (type == long.class) return number(text);
        if (type == MailId.class) return new MailId(text);
        if (type == Address.class) return Address.parse(text).orElseGet(() -> new Address(text, ""));
        if (type == Reply.class) return reply(text);
        if (type == InetSocketAddress.class) return socket(text);
        for (Object constant : type.getEnumConstants())
            if (((Enum<?>) constant).name().equalsIgnoreCase(text)) return constant;
        throw new IllegalArgumentException(text);
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static Reply reply(String text) {
        String[] words = text.split(" ", 3);
        boolean enhanced = words.length > 1 && words[1].matches("\\d\\.\\d{1,3}\\.\\d{1,3}");
        String rest = enhanced ? (words.length > 2 ? words[2] : "") : text.substring(Math.min(text.length(), 4));
        return new Reply(Integer.parseInt(words[0]), enhanced ? words[1] : "", rest);
    }

    private static InetSocketAddress socket(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(text.substring(colon + 1));
        // What is not an address must not become a question to the DNS.
        if (!host.matches("[0-9a-fA-F.:]+")) return InetSocketAddress.createUnresolved("unknown", port);
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
