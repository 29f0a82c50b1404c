package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.store.Inspection;

/**
 * The folders of one account. Names are full names in Unicode with {@code .} between levels; they hold no slash and no control character, and
 * no level is empty. What these calls did outlives a crash when they return. Calls come one at a time.
 */
@ConsumerType
public interface Shelf {

    /** What there is, INBOX too if it is there; in any order. */
    List<String> names() throws IOException;

    /** Whether there is one of just that name, as {@link #names} tells; without a look at the others, where the format can. */
    default boolean has(String name) throws IOException {
        return names().contains(name);
    }

    /** One that is there. It is opened once in a process, and beside that only to be scanned and read. */
    Folder open(String name) throws IOException;

    /** Makes one that is not there. */
    void create(String name) throws IOException;

    /** Deletes one that is closed, with its messages; what lies below it stays. */
    void delete(String name) throws IOException;

    /**
     * Looks at what this format keeps beside the messages of one that may be open, and at what was set aside, and tells what is wrong.
     *
     * @param known the flags of messages by key, as whoever uses the shelf has them; empty for those it does not know
     */
    default void inspect(String name, Function<String, Optional<Flags>> known, Inspection inspection)
            throws IOException {}

    /**
     * How far the UIDs of one that is there have been given, as whoever had it last noted, another program too: it is to be believed. Empty where
     * nothing is noted. Cheap.
     */
    default Optional<UidCount> counted(String name) throws IOException {
        return Optional.empty();
    }

    /** Notes for other programs how far the UIDs of one that is closed have been given, if this format has a place for it; what is noted already costs little. */
    default void count(String name, UidCount count) throws IOException {}

    /** Renames one that is closed; what lies below it stays. */
    void rename(String from, String to) throws IOException;
}
