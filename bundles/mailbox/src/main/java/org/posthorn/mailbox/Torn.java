package org.posthorn.mailbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;

/** Copies of a mail that the power tore before they were forced, and of which the journal does not know where they lie. */
final class Torn {

    private Torn() {}

    /** Those among what came since the mailbox was last closed cleanly. To be called under the lock. */
    static List<Filed> copies(Box box, Message whole) throws IOException {
        MessageTable table = box.index().table();
        List<Filed> torn = new ArrayList<>();
        for (int row = table.rows() - 1;
                row >= 0 && table.uid(row) >= box.index().sureBelow();
                row--) {
            Filed filed = table.filed(row);
            Optional<Message> there = box.folder().read(filed);
            if (there.isPresent() && partOf(there.get(), whole)) torn.add(filed);
        }
        return torn;
    }

    /** Whether all that there is of one is where it is in the other, with zeros where something did not get to the disk. */
    private static boolean partOf(Message torn, Message whole) throws IOException {
        try (InputStream left = new BufferedInputStream(torn.open());
                InputStream right = new BufferedInputStream(whole.open())) {
            for (int octet = left.read(); octet >= 0; octet = left.read()) {
                int expected = right.read();
                // A line feed whose CR is among the zeros is read as a line end; and an mbox ends the last line.
                if (octet == '\r' && expected != '\r') octet = left.read();
                if (octet == '\n' && expected != '\n') return ends(left);
                if (octet != expected && octet != 0) return false;
            }
            return true;
        }
    }

    private static boolean ends(InputStream torn) throws IOException {
        for (int octet = torn.read(); octet >= 0; octet = torn.read()) if (octet != '\r' && octet != '\n') return false;
        return true;
    }
}
