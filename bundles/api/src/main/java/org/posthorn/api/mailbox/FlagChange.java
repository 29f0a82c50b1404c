package org.posthorn.api.mailbox;

/**
 * What STORE does, RFC 3501 6.4.6.
 *
 * @param rights of whoever does it: flags that they do not permit stay as they are, RFC 4314 4
 */
public record FlagChange(Kind kind, Flags flags, Rights rights) {

    /** By somebody who may change all flags. */
    public FlagChange(Kind kind, Flags flags) {
        this(kind, flags, Rights.ALL);
    }

    public enum Kind {
        REPLACE,
        ADD,
        REMOVE
    }

    /** What becomes of those flags. */
    public Flags apply(Flags before) {
        Flags permitted = rights.permitted(flags);
        return switch (kind) {
            case REPLACE -> before.without(rights.permitted(before)).with(permitted);
            case ADD -> before.with(permitted);
            case REMOVE -> before.without(permitted);
        };
    }
}
