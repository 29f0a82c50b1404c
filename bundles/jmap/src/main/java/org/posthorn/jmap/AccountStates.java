package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The states of data types in accounts that a user finds, RFC 8620 7.1. Not to be changed.
 *
 * @param all by the account's id, then by the type's name
 */
record AccountStates(SortedMap<String, SortedMap<String, String>> all) {

    private static final int ID_OCTETS = 8;

    static final AccountStates NONE = new AccountStates(new TreeMap<>());

    /** Those of some types alone. */
    AccountStates of(Predicate<String> types) {
        SortedMap<String, SortedMap<String, String>> some = new TreeMap<>();
        all.forEach((account, states) -> {
            SortedMap<String, String> his = new TreeMap<>(states);
            his.keySet().removeIf(types.negate());
            if (!his.isEmpty()) some.put(account, his);
        });
        return new AccountStates(some);
    }

    /** What is another than it was told. */
    AccountStates since(AccountStates told) {
        SortedMap<String, SortedMap<String, String>> changed = new TreeMap<>();
        all.forEach((account, states) -> {
            Map<String, String> before = told.all.getOrDefault(account, new TreeMap<>());
            SortedMap<String, String> others = new TreeMap<>(states);
            others.entrySet().removeIf(type -> type.getValue().equals(before.get(type.getKey())));
            if (!others.isEmpty()) changed.put(account, others);
        });
        return new AccountStates(changed);
    }

    /** With those that are newer. */
    AccountStates with(AccountStates newer) {
        SortedMap<String, SortedMap<String, String>> both = new TreeMap<>();
        all.forEach((account, states) -> both.put(account, new TreeMap<>(states)));
        newer.all.forEach((account, states) ->
                both.computeIfAbsent(account, a -> new TreeMap<>()).putAll(states));
        return new AccountStates(both);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** That they are so now, RFC 8620 7.1. */
    ObjectNode change() {
        ObjectNode change = Json.NODES.objectNode().put("@type", "StateChange");
        ObjectNode accounts = change.putObject("changed");
        all.forEach((account, states) -> states.forEach(accounts.withObjectProperty(account)::put));
        return change;
    }

    /** By which a client that comes back says what it heard last. */
    String id() {
        byte[] text = all.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Id.digest(text), 0, ID_OCTETS);
    }
}
