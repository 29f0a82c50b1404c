package org.posthorn.users.file;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.sasl.Passwords;

/** A passwd-like file, as Dovecot's passwd-file: {@code user@domain:{SCHEME}hash:} and fields that mean nothing here. */
final class Users {

    private Users() {}

    /**
     * Reads it.
     *
     * @param domain of names without one
     * @param broken is told of lines that are none, and skipped
     * @return the kept password of each user; empty for one who may not log in
     */
    static Map<Address, Optional<String>> read(List<String> lines, String domain, Broken broken) {
        Map<Address, Optional<String>> users = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            try {
                entry(line, domain, users);
            } catch (IllegalArgumentException e) {
                broken.line(i + 1, e.getMessage());
            }
        }
        return Collections.unmodifiableMap(users);
    }

    private static void entry(String line, String domain, Map<Address, Optional<String>> users) {
        String[] fields = line.split(":", -1);
        if (fields.length < 2) throw new IllegalArgumentException("no colon behind the name");
        Address user = address(fields[0], domain);
        Optional<String> password = password(fields[1]);
        if (users.putIfAbsent(user, password) != null)
            throw new IllegalArgumentException("there is a line for " + user + " above");
    }

    private static Address address(String name, String domain) {
        String full = name.indexOf('@') < 0 ? name + "@" + domain : name;
        return Address.parse(full)
                .filter(a -> !a.domain().isEmpty() && !a.domain().startsWith("["))
                .orElseThrow(() -> new IllegalArgumentException("the name is no mail address"))
                .folded();
    }

    /** Nothing, an exclamation mark or a star in front lock an account, as in passwd. */
    private static Optional<String> password(String kept) {
        if (kept.isEmpty() || kept.startsWith("!") || kept.startsWith("*")) return Optional.empty();
        Passwords.fault(kept).ifPresent(why -> {
            throw new IllegalArgumentException("the password: " + why);
        });
        return Optional.of(kept);
    }
}
