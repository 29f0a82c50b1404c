package org.posthorn.intake;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.posthorn.api.filter.MailFilter;

/** When filters are asked. */
enum Moment {
    CLIENT,
    SENDER,
    RECIPIENT,
    MESSAGE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As people read it; also the filter's method. */
    String word() {
        return word;
    }

    /** The moments that a filter has an opinion at: asking it at others would cost a hand-over for nothing. */
    static Set<Moment> of(MailFilter filter) {
        Set<Moment> moments = EnumSet.noneOf(Moment.class);
        for (Moment moment : values()) if (overridden(filter, moment.word)) moments.add(moment);
        return moments;
    }

    private static boolean overridden(MailFilter filter, String method) {
        return Arrays.stream(filter.getClass().getMethods())
                .anyMatch(
                        m -> m.getName().equals(method) && m.getDeclaringClass() != MailFilter.class && !m.isBridge());
    }
}
