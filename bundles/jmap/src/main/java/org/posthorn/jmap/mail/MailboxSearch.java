package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Sort;

/**
 * What a query for Mailboxes asks for, RFC 8621 2.3.
 *
 * @param sortAsTree whether each has those below it behind it
 * @param filterAsTree whether one is found only with all above it
 */
record MailboxSearch(Predicate<Folder> wanted, Comparator<Folder> order, boolean sortAsTree, boolean filterAsTree) {

    private static final Map<String, Comparator<Folder>> ORDERS = Map.of(
            "sortOrder", Comparator.comparingInt(Folder::sortOrder),
            "name", Comparator.comparing(f -> f.name().toLowerCase(Locale.ROOT)));

    static MailboxSearch of(Optional<Filter> filter, List<Sort> sort, Arguments arguments) throws MethodFault {
        return new MailboxSearch(
                wanted(filter),
                order(sort),
                arguments.bool("sortAsTree", false),
                arguments.bool("filterAsTree", false));
    }

    /** What is found, in its order. */
    List<String> ids(Folders folders) {
        Set<String> found = new HashSet<>();
        for (Folder folder : folders.all()) if (wanted.test(folder)) found.add(folder.id());
        if (filterAsTree) found.removeIf(id -> !allAbove(folders, id, found));
        List<Folder> sorted = sortAsTree ? tree(folders, order) : sorted(folders.all(), order);
        return sorted.stream().map(Folder::id).filter(found::contains).toList();
    }

    private static Comparator<Folder> order(List<Sort> sort) throws MethodFault {
        Comparator<Folder> order = (a, b) -> 0;
        if (sort.size() > EmailOrder.MOST_SORTS) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
        for (Sort by : sort) {
            Comparator<Folder> next = ORDERS.get(by.property());
            if (next == null) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
            order = order.thenComparing(by.ascending() ? next : next.reversed());
        }
        return order.thenComparing(Folder::path);
    }

    private static List<Folder> sorted(Collection<Folder> some, Comparator<Folder> order) {
        return some.stream().sorted(order).toList();
    }

    /** Each with those below it behind it. */
    private static List<Folder> tree(Folders folders, Comparator<Folder> order) {
        Map<String, List<Folder>> below =
                sorted(folders.all(), order).stream().collect(Collectors.groupingBy(Folder::parent));
        List<Folder> tree = new ArrayList<>();
        addBelow("", below, tree);
        return tree;
    }

    private static void addBelow(String parent, Map<String, List<Folder>> below, List<Folder> tree) {
        for (Folder folder : below.getOrDefault(parent, List.of())) {
            tree.add(folder);
            addBelow(folder.id(), below, tree);
        }
    }

    private static Predicate<Folder> wanted(Optional<Filter> filter) throws MethodFault {
        if (filter.isEmpty()) return folder -> true;
        EmailFilter.bounded(filter.get());
        return Filter.predicate(filter.get(), MailboxSearch::condition);
    }

    private static boolean allAbove(Folders folders, String id, Set<String> found) {
        String parent = folders.find(id).map(Folder::parent).orElse("");
        return parent.isEmpty() || found.contains(parent) && allAbove(folders, parent, found);
    }

    private static Predicate<Folder> condition(ObjectNode json) throws MethodFault {
        Predicate<Folder> all = folder -> true;
        for (Map.Entry<String, JsonNode> property : json.properties())
            all = all.and(condition(property.getKey(), property.getValue()));
        return all;
    }

    private static Predicate<Folder> condition(String property, JsonNode value) throws MethodFault {
        return switch (property) {
            case "parentId" -> same(property, value, Folder::parent);
            case "role" -> same(property, value, Folder::role);
            case "name" -> {
                if (!value.isTextual()) throw MethodFault.invalid("name is no string");
                String part = value.textValue().toLowerCase(Locale.ROOT);
                yield folder -> folder.name().toLowerCase(Locale.ROOT).contains(part);
            }
            case "hasAnyRole" -> is(property, value, folder -> !folder.role().isEmpty());
            case "isSubscribed" -> is(property, value, Folder::subscribed);
            default -> throw new MethodFault(MethodError.UNSUPPORTED_FILTER);
        };
    }

    private interface Text {
        String of(Folder folder);
    }

    private static Predicate<Folder> same(String property, JsonNode value, Text text) throws MethodFault {
        if (value.isNull()) return folder -> text.of(folder).isEmpty();
        if (!value.isTextual()) throw MethodFault.invalid(property + " is neither a string nor null");
        return folder -> text.of(folder).equals(value.textValue());
    }

    private static Predicate<Folder> is(String property, JsonNode value, Predicate<Folder> one) throws MethodFault {
        if (!value.isBoolean()) throw MethodFault.invalid(property + " is neither true nor false");
        return value.booleanValue() ? one : one.negate();
    }
}
