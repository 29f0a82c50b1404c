package org.posthorn.api.filter;

import java.util.List;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.mail.Reply;

/** What a filter says. */
public sealed interface Verdict {

    /** Nothing against it, and nothing to say of it. */
    Verdict PASS = new Pass(List.of(), List.of());

    /**
     * Nothing against it.
     *
     * @param findings what was found, for Authentication-Results and for the filters behind
     * @param fields to put in front of the header; they count at the last moment, {@link MailFilter#message}, alone
     */
    record Pass(List<Finding> findings, List<HeaderField> fields) implements Verdict {
        public Pass {
            findings = List.copyOf(findings);
            fields = fields.stream().map(HeaderField::sound).toList();
        }
    }

    /** Take it, but into the Junk mailbox. */
    record Quarantine(String reason) implements Verdict {
        public Quarantine {
            reason = Printable.line(reason);
        }
    }

    /** Do not take it: 4xx, come again, or 5xx, never. */
    record Refuse(Reply reply) implements Verdict {
        /** @throws IllegalArgumentException for a reply that is no refusal: the client would take it for a yes */
        public Refuse {
            if (reply.positive() || reply.code() > 599) throw new IllegalArgumentException("no refusal: " + reply);
        }
    }

    /** Say yes, and throw it away. The log tells. */
    record Discard(String reason) implements Verdict {
        public Discard {
            reason = Printable.line(reason);
        }
    }

    /** A refusal for good: {@code 550 5.7.1}. */
    static Verdict refuse(String text) {
        return new Refuse(new Reply(550, "5.7.1", text));
    }
}
