package org.posthorn.mailbox;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.posthorn.api.mail.Address;

/** Which format an account is kept in: that of its address, else that of its domain, else the usual one. */
final class FormatChoice {

    private final String usual;
    private final Map<String, String> others = new HashMap<>();

    /**
     * @param overrides each {@code example.org=mbox} or {@code bob@example.org=maildir}
     * @throws IllegalArgumentException naming one that is not such
     */
    FormatChoice(String usual, String... overrides) {
        this.usual = usual;
        for (String override : overrides) {
            int sign = override.lastIndexOf('=');
            if (sign < 1 || sign == override.length() - 1)
                throw new IllegalArgumentException(override + ": expected example.org=mbox or bob@example.org=maildir");
            others.put(
                    override.substring(0, sign).strip().toLowerCase(Locale.ROOT),
                    override.substring(sign + 1).strip());
        }
    }

    String of(Address account) {
        Address folded = account.folded();
        String own = others.get(folded.toString());
        return own != null ? own : others.getOrDefault(folded.domain(), usual);
    }
}
