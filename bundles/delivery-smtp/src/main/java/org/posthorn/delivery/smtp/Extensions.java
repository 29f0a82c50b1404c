package org.posthorn.delivery.smtp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a server can, by its answer to EHLO (RFC 5321 4.1.1.1): keywords, and what stands behind each. */
record Extensions(Map<String, String> keywords) {

    /** Of a server that knows only HELO. */
    static final Extensions NONE = new Extensions(Map.of());

    /** The first line is the server's name. */
    static Extensions of(List<String> lines) {
        Map<String, String> keywords = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.strip().split("\\s+", 2);
            keywords.put(words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "");
        }
        return new Extensions(Map.copyOf(keywords));
    }

    boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /** The largest message that it takes, RFC 1870; zero if it does not say. */
    long mostOctets() {
        String size = keywords.getOrDefault("SIZE", "");
        return size.matches("\\d{1,18}") ? Long.parseLong(size) : 0;
    }
}
