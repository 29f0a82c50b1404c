package org.posthorn.imap.command;

import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.imap.StructureText;

/** What FETCH tells of a message besides its octets, RFC 3501 6.4.5. */
enum FetchAttribute implements FetchItem {
    UID {
        @Override
        public void write(FetchedMessage out) {
            out.text().append("UID ").append(out.entry().uid());
        }
    },
    FLAGS {
        @Override
        public void write(FetchedMessage out) {
            out.selection().flags(out.text().append("FLAGS "), out.entry());
        }
    },
    INTERNALDATE {
        @Override
        public void write(FetchedMessage out) {
            dateTime(out.text().append("INTERNALDATE "), out.entry().internalDate());
        }
    },
    SIZE {
        @Override
        public void write(FetchedMessage out) {
            out.text().append("RFC822.SIZE ").append(out.entry().size());
        }
    },
    MODSEQ {
        @Override
        public void write(FetchedMessage out) {
            out.text().append("MODSEQ (").append(out.entry().modSeq()).append(')');
        }
    },
    EMAILID {
        @Override
        public void write(FetchedMessage out) {
            out.text()
                    .append("EMAILID (")
                    .append(ObjectId.email(out.entry().emailId()))
                    .append(')');
        }
    },
    /** RFC 8474 5.2. */
    THREADID {
        @Override
        public void write(FetchedMessage out) throws IOException {
            OptionalLong thread = out.thread();
            String id = thread.isPresent() ? "(" + ObjectId.thread(thread.getAsLong()) + ")" : "NIL";
            out.text().append("THREADID ").append(id);
        }
    },
    /** RFC 8514 4.2. */
    SAVEDATE {
        @Override
        public void write(FetchedMessage out) {
            dateTime(out.text().append("SAVEDATE "), out.entry().saved());
        }
    },
    ENVELOPE {
        @Override
        public void write(FetchedMessage out) throws IOException {
            out.text().append("ENVELOPE ").append(out.envelope());
        }

        @Override
        public boolean needsMessage() {
            return true;
        }
    },
    BODY {
        @Override
        public void write(FetchedMessage out) throws IOException {
            StructureText.write(out.text().append("BODY "), out.structure(), false, out.dialect());
        }

        @Override
        public boolean needsMessage() {
            return true;
        }
    },
    BODYSTRUCTURE {
        @Override
        public void write(FetchedMessage out) throws IOException {
            StructureText.write(out.text().append("BODYSTRUCTURE "), out.structure(), true, out.dialect());
        }

        @Override
        public boolean needsMessage() {
            return true;
        }
    };

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    /** {@code "17-Jul-1996 02:44:25 +0000"}; the day has two places. */
    private static void dateTime(StringBuilder out, Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        out.append('"');
        if (time.getDayOfMonth() < 10) out.append(' ');
        out.append(time.getDayOfMonth()).append('-').append(MONTHS[time.getMonthValue() - 1]);
        out.append('-');
        for (int least = 1000; least > time.getYear(); least /= 10) out.append('0');
        out.append(time.getYear());
        two(out.append(' '), time.getHour());
        two(out.append(':'), time.getMinute());
        two(out.append(':'), time.getSecond());
        out.append(" +0000\"");
    }

    private static void two(StringBuilder out, int number) {
        if (number < 10) out.append('0');
        out.append(number);
    }
}
