package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/** {@code Mailbox/changes}, RFC 8621 2.2. There is no state between changes, so more than are wanted at a time cannot be told. */
final class ChangedMailboxes implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        Folders folders = Folders.of(context, request.account());
        String sight = folders.sight();
        if (!request.sinceState().endsWith(sight)) throw unknown();
        long since = ChangeList.since(
                request.sinceState().substring(0, request.sinceState().length() - sight.length()));
        MailboxChanges changes = folders.counted().mailboxChanges(since).orElseThrow(ChangedMailboxes::unknown);
        List<String> updated = new ArrayList<>(changes.updated());
        updated.addAll(counted(changes, folders));
        int all =
                changes.created().size() + updated.size() + changes.destroyed().size();
        if (all > request.maxChanges().orElse(Long.MAX_VALUE)) throw unknown();
        ObjectNode answer =
                request.answer(changes.state() + sight, false, changes.created(), updated, changes.destroyed());
        if (changes.updated().isEmpty() && !updated.isEmpty())
            MailboxGet.COUNTS.forEach(answer.putArray("updatedProperties")::add);
        else answer.putNull("updatedProperties");
        return answer;
    }

    /** What comes to a mailbox that one may not read is not counted for him either. */
    private static List<String> counted(MailboxChanges changes, Folders folders) {
        List<String> counted = new ArrayList<>(changes.counted());
        for (Folder folder : folders.all()) if (!folder.mayRead()) counted.remove(folder.id());
        return counted;
    }

    private static MethodFault unknown() {
        return new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
    }
}
