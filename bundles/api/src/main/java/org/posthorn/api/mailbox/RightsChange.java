package org.posthorn.api.mailbox;

import java.util.Optional;

/** What SETACL does, RFC 4314 3.1. */
public record RightsChange(Kind kind, Rights rights) {

    public enum Kind {
        REPLACE,
        ADD,
        REMOVE
    }

    /** Reads {@code lrs}, {@code +lrs} or {@code -lrs}; empty when a letter stands for no right. */
    public static Optional<RightsChange> parse(String text) {
        Kind kind = text.startsWith("+") ? Kind.ADD : text.startsWith("-") ? Kind.REMOVE : Kind.REPLACE;
        return Rights.parse(kind == Kind.REPLACE ? text : text.substring(1)).map(r -> new RightsChange(kind, r));
    }

    /** What becomes of those rights. */
    public Rights apply(Rights before) {
        return switch (kind) {
            case REPLACE -> rights;
            case ADD -> before.with(rights);
            case REMOVE -> before.without(rights);
        };
    }
}
