package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.mail.MailboxHistory.Kind;

/** {@code Mailbox/changes}, RFC 8621 2.2. More than is wanted at a time is told in order of id. */
final class ChangedMailboxes implements Method {

    /**
     * How far a client has come. Between two answers to one question, {@code SINCE.NOW.ID}.
     *
     * @param since the mod-sequence from which on it asks
     * @param now that of the answer before
     * @param last all up to that id were told; empty when none were
     */
    private record Step(long since, long now, String last) {

        private static final Pattern BETWEEN =
                Pattern.compile("([0-9]{1,18})\\.([0-9]{1,18})\\.([A-Za-z0-9_-]{1,255})");

        static Step of(String state) throws MethodFault {
            Matcher between = BETWEEN.matcher(state);
            if (!between.matches()) return new Step(ChangeList.since(state), 0, "");
            return new Step(ChangeList.since(between.group(1)), ChangeList.since(between.group(2)), between.group(3));
        }

        String text() {
            return since + "." + now + "." + last;
        }
    }

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        ChangesRequest request = ChangesRequest.of(context, arguments);
        arguments.end();
        Folders folders = Folders.of(context, request.account());
        Step step = Step.of(MailboxHistory.withoutSight(folders, request.sinceState()));
        MailboxHistory history = MailboxHistory.since(folders, step.since());
        SortedMap<String, Kind> left = new TreeMap<>(history.kinds());
        SortedMap<String, Kind> told = new TreeMap<>();
        if (!step.last().isEmpty()) {
            // Those that were told come once more if they have changed since.
            left.headMap(step.last() + "\0").clear();
            told.putAll(MailboxHistory.since(folders, step.now()).kinds().headMap(step.last() + "\0"));
        }
        long room = request.maxChanges().orElse(Long.MAX_VALUE) - told.size();
        if (room < 0) throw ChangeList.unknown();
        String last = step.last();
        while (!left.isEmpty() && room-- > 0) {
            last = left.firstKey();
            told.put(last, left.remove(last));
        }
        String state =
                left.isEmpty() ? Long.toString(history.state()) : new Step(step.since(), history.state(), last).text();
        return answer(request, state + folders.sight(), !left.isEmpty(), told);
    }

    private static ObjectNode answer(ChangesRequest request, String state, boolean more, SortedMap<String, Kind> told) {
        ObjectNode answer = request.answer(
                state,
                more,
                ids(told, List.of(Kind.CREATED)),
                ids(told, List.of(Kind.UPDATED, Kind.COUNTED)),
                ids(told, List.of(Kind.DESTROYED)));
        if (!told.containsValue(Kind.UPDATED) && told.containsValue(Kind.COUNTED))
            MailboxGet.COUNTS.forEach(answer.putArray("updatedProperties")::add);
        else answer.putNull("updatedProperties");
        return answer;
    }

    private static List<String> ids(SortedMap<String, Kind> told, Collection<Kind> kinds) {
        return told.keySet().stream().filter(id -> kinds.contains(told.get(id))).toList();
    }
}
