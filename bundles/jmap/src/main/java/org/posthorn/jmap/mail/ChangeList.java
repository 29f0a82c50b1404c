package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.jmap.ChangesRequest;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/** Changes as Foo/changes tells them, RFC 8620 5.2: no more than are wanted at once, the first ones first. */
final class ChangeList {

    /** What became of one. */
    private enum Kind {
        CREATED,
        UPDATED,
        DESTROYED
    }

    private record Item(Kind kind, IdChanges.Change change) {}

    private final List<Item> items = new ArrayList<>();
    private final long state;

    private ChangeList(IdChanges changes) {
        changes.created().forEach(c -> items.add(new Item(Kind.CREATED, c)));
        changes.updated().forEach(c -> items.add(new Item(Kind.UPDATED, c)));
        changes.destroyed().forEach(c -> items.add(new Item(Kind.DESTROYED, c)));
        items.sort(Comparator.<Item>comparingLong(i -> i.change.modSeq())
                .thenComparing(i -> i.change.number(), Long::compareUnsigned));
        state = changes.state();
    }

    static MethodFault unknown() {
        return new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
    }

    /** The mod-sequence that a state string of this server stands for. @throws MethodFault when it stands for none */
    static long since(String state) throws MethodFault {
        // 18 digits are less than a long can hold.
        if (!state.matches("[0-9]{1,18}")) throw unknown();
        return Long.parseLong(state);
    }

    /** The response. @param changes empty when they cannot be told. @param id of the one with that number */
    static ObjectNode answer(ChangesRequest request, Optional<IdChanges> changes, LongFunction<String> id)
            throws MethodFault {
        return answer(request, "", changes, id);
    }

    /** @param sight with which states end */
    static ObjectNode answer(ChangesRequest request, String sight, Optional<IdChanges> changes, LongFunction<String> id)
            throws MethodFault {
        if (changes.isEmpty()) throw unknown();
        ChangeList list = new ChangeList(changes.get());
        int told = list.told(request.maxChanges());
        boolean more = told < list.items.size();
        String state = more ? list.between(told).text() : Long.toString(list.state);
        return request.answer(
                state + sight,
                more,
                list.ids(Kind.CREATED, told, id),
                list.ids(Kind.UPDATED, told, id),
                list.ids(Kind.DESTROYED, told, id));
    }

    private int told(OptionalLong most) {
        return (int) Math.min(items.size(), most.orElse(Long.MAX_VALUE));
    }

    /** What stands between the last one that is told and the next. */
    private ChangeStep between(int told) {
        IdChanges.Change last = items.get(told - 1).change;
        boolean within = items.get(told).change.modSeq() == last.modSeq();
        return new ChangeStep(last.modSeq(), Optional.of(last.number()).filter(n -> within));
    }

    private List<String> ids(Kind kind, int told, LongFunction<String> id) {
        return items.subList(0, told).stream()
                .filter(i -> i.kind == kind)
                .map(i -> id.apply(i.change.number()))
                .toList();
    }
}
