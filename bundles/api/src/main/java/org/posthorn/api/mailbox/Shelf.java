package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The folders of one account. Names are full names in Unicode with {@code .} between levels; they hold no slash and no control character, and
 * no level is empty. What these calls did outlives a crash when they return. Calls come one at a time.
 */
@ConsumerType
public interface Shelf {

    /** What there is, INBOX too if it is there; in any order. */
    List<String> names() throws IOException;

    /** One that is there. It is opened once in a process. */
    Folder open(String name) throws IOException;

    /** Makes one that is not there. */
    void create(String name) throws IOException;

    /** Deletes one that is closed, with its messages; what lies below it stays. */
    void delete(String name) throws IOException;

    /** Renames one that is closed; what lies below it stays. */
    void rename(String from, String to) throws IOException;
}
