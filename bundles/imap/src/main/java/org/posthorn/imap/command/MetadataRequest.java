package org.posthorn.imap.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/**
 * Which annotations are to be told, RFC 5464 4.2.
 *
 * @param depth how far below those named
 * @param maxSize no value with more octets
 */
record MetadataRequest(Set<String> entries, long depth, long maxSize) {

    /**
     * What there is.
     *
     * @param entries those to be told; what has no value is NIL
     * @param longest the size of the largest that is too long for the client, in octets; 0 when none is
     */
    record Found(Map<String, Optional<String>> entries, int longest) {}

    /** These and nothing below them, whatever their size. */
    static MetadataRequest of(Set<String> entries) {
        return new MetadataRequest(entries, 0, Long.MAX_VALUE);
    }

    /** The options alone. */
    static MetadataRequest options(Arguments in) {
        MetadataRequest all = of(Set.of());
        in.expect('(');
        do all = all.with(in.keyword(), in.space());
        while (in.passSpace());
        in.expect(')');
        return all;
    }

    private MetadataRequest with(String option, Arguments in) {
        return switch (option) {
            case "MAXSIZE" -> new MetadataRequest(entries, depth, in.number());
            case "DEPTH" -> new MetadataRequest(entries, depth(in.keyword()), maxSize);
            default -> throw new SyntaxFault("There is no such option");
        };
    }

    private static long depth(String word) {
        return switch (word) {
            case "0" -> 0;
            case "1" -> 1;
            case "INFINITY" -> Long.MAX_VALUE;
            default -> throw new SyntaxFault("A depth is 0, 1 or infinity");
        };
    }

    MetadataRequest about(Set<String> names) {
        return new MetadataRequest(names, depth, maxSize);
    }

    /** What of all that a mailbox has was asked for. A name with nothing there or below it is told as well, as NIL. */
    Found find(SortedMap<String, String> all) {
        Map<String, Optional<String>> told = new LinkedHashMap<>();
        int longest = 0;
        for (String name : entries) {
            List<String> there = all.keySet().stream()
                    .filter(entry -> within(EntryName.below(entry, name)))
                    .toList();
            if (there.isEmpty()) told.put(name, Optional.empty());
            for (String entry : there) {
                String value = all.get(entry);
                if (value.length() <= maxSize) told.put(entry, Optional.of(value));
                else longest = Math.max(longest, value.length());
            }
        }
        return new Found(told, longest);
    }

    private boolean within(long levels) {
        return levels >= 0 && levels <= depth;
    }
}
