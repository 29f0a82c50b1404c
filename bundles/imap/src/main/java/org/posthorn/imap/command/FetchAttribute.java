package org.posthorn.imap.command;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
            out.text().append("INTERNALDATE \"");
            date(out.text(), out.entry().internalDate().atOffset(ZoneOffset.UTC));
            out.text().append(" +0000\"");
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
            StructureText.write(out.text().append("BODY "), out.structure(), false);
        }

        @Override
        public boolean needsMessage() {
            return true;
        }
    },
    BODYSTRUCTURE {
        @Override
        public void write(FetchedMessage out) throws IOException {
            StructureText.write(out.text().append("BODYSTRUCTURE "), out.structure(), true);
        }

        @Override
        public boolean needsMessage() {
            return true;
        }
    };

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    /** {@code 17-Jul-1996 02:44:25}; the day has two places. */
    private static void date(StringBuilder out, OffsetDateTime time) {
        if (time.getDayOfMonth() < 10) out.append(' ');
        out.append(time.getDayOfMonth()).append('-').append(MONTHS[time.getMonthValue() - 1]);
        out.append('-').append(time.getYear());
        two(out.append(' '), time.getHour());
        two(out.append(':'), time.getMinute());
        two(out.append(':'), time.getSecond());
    }

    private static void two(StringBuilder out, int number) {
        if (number < 10) out.append('0');
        out.append(number);
    }
}
