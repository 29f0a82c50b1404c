package org.posthorn.api.mailbox;

/** What STORE does, RFC 3501 6.4.6. */
public record FlagChange(Kind kind, Flags flags) {

    public enum Kind {
        REPLACE,
        ADD,
        REMOVE
    }

    /** What becomes of those flags. */
    public Flags apply(Flags before) {
        return switch (kind) {
            case REPLACE -> flags;
            case ADD -> before.with(flags);
            case REMOVE -> before.without(flags);
        };
    }
}
