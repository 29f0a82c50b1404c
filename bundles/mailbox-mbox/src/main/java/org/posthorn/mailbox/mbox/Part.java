package org.posthorn.mailbox.mbox;

import java.time.Instant;
import java.util.Map;
import org.posthorn.api.mailbox.Flags;

/**
 * Where one message lies in the file.
 *
 * @param start of its From line
 * @param content behind the From line
 * @param headerEnd of the empty line behind the header, or the end if there is none
 * @param contentEnd behind the message, in front of the empty line that closes it
 * @param end where the next one begins
 * @param holes begin and end of our own fields, one behind the other
 * @param fields our own fields by name
 * @param missing line feeds that it lacks at its end: of its last line, and the empty line behind its header; readers see them
 * @param key what it is called
 * @param uid in X-UID; 0 when there is none
 * @param size as readers see it
 */
record Part(
        long start,
        long content,
        long headerEnd,
        long contentEnd,
        long end,
        long[] holes,
        int missing,
        Map<String, Value> fields,
        String key,
        long uid,
        Flags flags,
        long size,
        Instant date) {

    /** The value of a field, where it stands in the file; a folded one has no length, since it cannot be overwritten. */
    record Value(long at, int length, String text) {}

    /** The same with other flags. */
    Part with(Flags now) {
        return new Part(start, content, headerEnd, contentEnd, end, holes, missing, fields, key, uid, now, size, date);
    }

    /** Whether the file ends before its header does. */
    boolean cutInHeader() {
        return headerEnd == contentEnd;
    }

    /** Octets of the message as they lie in the file, without our own fields, with what it lacks. */
    long raw() {
        long raw = contentEnd - content + missing;
        for (int i = 0; i < holes.length; i += 2) raw -= holes[i + 1] - holes[i];
        return raw;
    }
}
