package org.posthorn.imap.command;

import java.time.Instant;
import java.util.Optional;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.imap.Arguments;

/** What stands in front of a message that is appended, RFC 3501 6.3.11. */
record Marks(Flags flags, Optional<Instant> date) {

    /** Reads what stands in front of its literal. */
    static Marks parse(Arguments in) {
        Flags flags = Flags.NONE;
        if (in.peek() == '(') {
            flags = in.flags();
            in.space();
        }
        Optional<Instant> date = in.peek() == '"' ? Optional.of(in.dateTime()) : Optional.empty();
        if (date.isPresent()) in.space();
        return new Marks(flags, date);
    }

    /** The date, which is now unless another is named. */
    Instant internalDate() {
        return date.orElseGet(Instant::now);
    }
}
