package org.posthorn.mailbox;

import java.io.IOException;
import java.util.List;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.UidSet;

/** Messages that leave a mailbox for good. */
final class Removal {

    private Removal() {}

    /**
     * Comes back when they are gone for good. The shelf goes first: a crash in between looks as if another program had removed them; the other
     * way round they would come back.
     */
    static UidSet durable(Box box, UidSet uids) throws IOException {
        UidSet gone = box.with(b -> {
            b.refresh();
            return remove(b, b.filed(uids));
        });
        force(box);
        box.account().checkpoint().gone(box.where(), gone);
        return gone;
    }

    /** To be called under the lock. */
    static UidSet remove(Box box, List<Filed> filed) throws IOException {
        if (filed.isEmpty()) return UidSet.EMPTY;
        box.changing();
        box.folder().remove(filed);
        UidSet gone = UidSet.ofUids(filed.stream().mapToLong(Filed::uid));
        box.commit(IndexRecord.Expunged.of(box.account().nextModSeq(), gone));
        box.changed();
        return gone;
    }

    static void force(Box box) throws IOException {
        box.forceShelf(List.of());
        box.force(box.with(Box::mark));
    }

    /** Mail that the journal still has is forced and settled before its flags change: delivered again it would have lost them. */
    static void settled(Box box, UidSet uids) throws IOException {
        if (box.with(b -> b.anyUnsettled(uids))) box.settle();
    }
}
