package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mailbox.MailboxChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what becomes of an account's mailboxes, once somebody has asked. What is noted stands in the account's file with its next {@link AccountShelf#save}. */
record Registrar(AccountShelf shelf) {

    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

    private MailboxRegister register() {
        return shelf.file().register;
    }

    private boolean begun() {
        synchronized (shelf) {
            return register().begun();
        }
    }

    void made(long number, String name) throws IOException {
        synchronized (shelf) {
            if (begun()) register().made(number, name, shelf.nextModSeq());
            else register().moved();
        }
    }

    void renamed(String from, String to) throws IOException {
        synchronized (shelf) {
            if (begun()) register().renamed(from, to, shelf.nextModSeq());
            else register().moved();
        }
    }

    /** It has another use, subscription, or other rights. @return whether there is something to save */
    boolean changed(String name) throws IOException {
        synchronized (shelf) {
            return begun() && register().changed(name, shelf.nextModSeq());
        }
    }

    /** The same, saved. */
    void saveChanged(String name) throws IOException {
        if (changed(name)) shelf.save();
    }

    /** @param emails as {@link #emails} told before */
    void gone(String name, Optional<Leaving> emails) throws IOException {
        synchronized (shelf) {
            register().moved();
            if (!begun()) return;
            register().gone(name, shelf.nextModSeq(), emails);
            shelf.save();
        }
    }

    /**
     * What leaves with a mailbox that is closed and about to be deleted; nobody can open it meanwhile. Empty when it does not know, has too much, or nobody has
     * asked yet.
     */
    Optional<Leaving> emails(String name) {
        if (!begun()) return Optional.empty();
        if (shelf.checkpoint().owed().torn(new Owed.Where(shelf.address(), name))) return Optional.empty();
        try (Index index = Index.look(shelf.indexPath(name))) {
            return index.whole() && index.table().mailboxId() != 0 ? Leaving.of(index) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("Which mail leaves {} with mailbox {} is not known: {}", shelf.address(), name, e.toString());
            return Optional.empty();
        }
    }

    /** After the power failed nobody knows which emails others were told of. */
    void powerFailed() throws IOException {
        synchronized (shelf) {
            if (!begun()) return;
            register().emailsUnknown(shelf.nextModSeq());
            shelf.save();
        }
    }

    /** How far the account's count has come; empty before anybody has looked at its mailboxes. */
    Optional<Long> state() {
        synchronized (shelf) {
            return begun() ? Optional.of(shelf.highestModSeq()) : Optional.empty();
        }
    }

    /** Since when it is known which emails left, but for what indexes know. */
    long emailFloor() {
        synchronized (shelf) {
            return register().emailFloor();
        }
    }

    /** What became of mailboxes since; empty when that is not known any more. */
    Optional<MailboxChanges> changes(AllBoxes.Looked looked, long since) {
        synchronized (shelf) {
            if (since > looked.state() || since < register().floor()) return Optional.empty();
            return Optional.of(register().changes(looked, since));
        }
    }

    int version() {
        synchronized (shelf) {
            return register().version();
        }
    }

    /**
     * Takes over which mailboxes there are: what others did, or a crash left half done.
     *
     * @param names by number
     * @param version as it was before anybody looked
     * @return false when it is another one, and the names may be old
     */
    boolean agree(Map<Long, String> names, int version) throws IOException {
        synchronized (shelf) {
            if (begun() && register().agrees(names)) return true;
        }
        // Not while one is being made or deleted.
        return shelf.alone(alone -> {
            synchronized (shelf) {
                if (register().version() != version) return false;
                if (begun()) register().agree(names, shelf.nextModSeq());
                else register().begin(names, shelf.nextModSeq());
                shelf.save();
                return true;
            }
        });
    }
}
