package org.posthorn.users.file;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.posthorn.api.mail.Address;

/**
 * A file like Postfix's virtual(5): {@code alias@domain target, target}, {@code @domain target} for a catch-all, {@code domain anything} to name a
 * domain; a line that begins with white space goes on with the one above.
 */
final class Aliases {

    private record Entry(int number, String text) {}

    /** In lower case; the catch-all's local part is empty, and so are the targets of an address that merely names its domain. */
    static Map<Address, List<Address>> read(List<String> lines, String domain, Broken broken) {
        Map<Address, List<Address>> aliases = new LinkedHashMap<>();
        for (Entry entry : entries(lines)) {
            try {
                String[] words = entry.text.strip().split("\\s+", 2);
                if (words.length < 2) throw new IllegalArgumentException("no target behind " + words[0]);
                if (aliases.putIfAbsent(name(words[0]), targets(words, domain)) != null)
                    throw new IllegalArgumentException("there is a line for " + words[0] + " above");
            } catch (IllegalArgumentException e) {
                broken.line(entry.number, e.getMessage());
            }
        }
        return Collections.unmodifiableMap(aliases);
    }

    /** Those that lead to each other and to nobody. One that leads to itself may have a user of its name in another directory. */
    static Set<Address> circles(Map<Address, List<Address>> aliases) {
        Set<Address> left = new LinkedHashSet<>(aliases.keySet());
        boolean fewer = true;
        while (fewer) fewer = left.removeIf(alias -> leadsOut(alias, aliases.get(alias), left));
        return left;
    }

    private static boolean leadsOut(Address alias, List<Address> targets, Set<Address> left) {
        return targets.isEmpty()
                || targets.stream().map(Address::folded).anyMatch(t -> t.equals(alias) || !left.contains(t));
    }

    private Aliases() {}

    private static List<Entry> entries(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.stripLeading().startsWith("#")) continue;
            boolean goesOn = Character.isWhitespace(line.charAt(0)) && !entries.isEmpty();
            if (!goesOn) entries.add(new Entry(i + 1, line));
            else {
                Entry last = entries.remove(entries.size() - 1);
                entries.add(new Entry(last.number, last.text + " " + line.strip()));
            }
        }
        return entries;
    }

    private static Address name(String text) {
        int at = text.lastIndexOf('@');
        String local = at <= 0 ? "x" : text.substring(0, at);
        Address address = Address.parse(local + "@" + text.substring(at + 1))
                .filter(a -> !a.domain().startsWith("["))
                .orElseThrow(() -> new IllegalArgumentException(text + " is no mail address"))
                .folded();
        return at > 0 ? address : new Address("", address.domain());
    }

    private static List<Address> targets(String[] words, String domain) {
        if (words[0].indexOf('@') < 0) return List.of();
        List<Address> targets = new ArrayList<>();
        for (String target : words[1].split("[,\\s]+")) {
            if (target.isEmpty()) continue;
            String full = target.indexOf('@') < 0 ? target + "@" + domain : target;
            targets.add(Address.parse(full)
                    .orElseThrow(() -> new IllegalArgumentException(target + " is no mail address")));
        }
        if (targets.isEmpty())
            throw new IllegalArgumentException("no target behind " + words[0].toLowerCase(Locale.ROOT));
        return List.copyOf(targets);
    }
}
