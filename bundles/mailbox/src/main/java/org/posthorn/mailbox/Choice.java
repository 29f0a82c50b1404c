package org.posthorn.mailbox;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.posthorn.api.mail.Address;

/** What settings say of an account: of its address, else of its domain, else of all. */
record Choice<T>(T usual, Map<String, T> others) {

    /** The same for all. */
    static <T> Choice<T> of(T usual) {
        return new Choice<>(usual, Map.of());
    }

    /**
     * @param overrides each {@code example.org=VALUE} or {@code bob@example.org=VALUE}
     * @throws IllegalArgumentException naming one that is not such
     */
    static <T> Choice<T> of(T usual, String[] overrides, Function<String, T> value) {
        Map<String, T> others = new HashMap<>();
        for (String override : overrides) {
            int sign = override.lastIndexOf('=');
            if (sign < 1 || sign == override.length() - 1)
                throw new IllegalArgumentException(override + ": expected example.org=VALUE or bob@example.org=VALUE");
            others.put(
                    override.substring(0, sign).strip().toLowerCase(Locale.ROOT),
                    value.apply(override.substring(sign + 1).strip()));
        }
        return new Choice<>(usual, others);
    }

    T of(Address account) {
        Address folded = account.folded();
        T own = others.get(folded.toString());
        return own != null ? own : others.getOrDefault(folded.domain(), usual);
    }
}
