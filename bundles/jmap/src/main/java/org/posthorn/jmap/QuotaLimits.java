package org.posthorn.jmap;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.jmap.mail.MailCapability;

/**
 * The quotas of an account at one moment, by id. A state is all of it in words, so that what has changed since can be told without anybody remembering it, behind a
 * restart too.
 */
record QuotaLimits(SortedMap<String, QuotaLimit> all) {

    private static final String UNLIMITED = "none";
    private static final Pattern ONE = Pattern.compile("(count|octets)-([0-9]{1,16})-([0-9]{1,16})");
    private static final Pattern STATE = Pattern.compile(UNLIMITED + "|" + ONE + "(?:_" + ONE + ")?");

    /** Those of which a client may know that has named these capabilities: no Quota is told whose types are all strange to it, RFC 9425 4.1. */
    static QuotaLimits of(Context context, Address account) throws MethodFault, IOException {
        return context.uses(MailCapability.URI) ? now(context, account) : new QuotaLimits(new TreeMap<>());
    }

    /** All that there are. */
    static QuotaLimits now(Context context, Address account) throws MethodFault, IOException {
        Quota quota = context.store().quota(account);
        SortedMap<String, QuotaLimit> all = new TreeMap<>();
        add(all, "octets", quota.used().octets(), quota.limit().octets());
        add(all, "count", quota.used().messages(), quota.limit().messages());
        return new QuotaLimits(all);
    }

    private static void add(Map<String, QuotaLimit> all, String type, long used, long limit) {
        if (limit == Long.MAX_VALUE) return;
        all.put(type, new QuotaLimit(type, Math.min(used, Arguments.LARGEST), Math.min(limit, Arguments.LARGEST)));
    }

    /** What a state says; empty for what is none. */
    static Optional<QuotaLimits> at(String state) {
        if (!STATE.matcher(state).matches()) return Optional.empty();
        SortedMap<String, QuotaLimit> all = new TreeMap<>();
        for (Matcher one = ONE.matcher(state); one.find(); )
            all.put(
                    one.group(1),
                    new QuotaLimit(one.group(1), Long.parseLong(one.group(2)), Long.parseLong(one.group(3))));
        return Optional.of(new QuotaLimits(all));
    }

    String state() {
        if (all.isEmpty()) return UNLIMITED;
        return all.values().stream()
                .map(q -> q.resourceType() + "-" + q.used() + "-" + q.hardLimit())
                .collect(Collectors.joining("_"));
    }

    Collection<QuotaLimit> values() {
        return all.values();
    }

    Optional<QuotaLimit> find(String id) {
        return Optional.ofNullable(all.get(id));
    }

    /** These with so many changes at most that lead to the others. */
    QuotaLimits toward(QuotaLimits others, long most) {
        SortedMap<String, QuotaLimit> changed = new TreeMap<>(all);
        TreeSet<String> ids = new TreeSet<>(all.keySet());
        ids.addAll(others.all.keySet());
        ids.stream().filter(id -> !find(id).equals(others.find(id))).limit(most).forEach(id -> others.find(id)
                .ifPresentOrElse(q -> changed.put(id, q), () -> changed.remove(id)));
        return new QuotaLimits(changed);
    }
}
