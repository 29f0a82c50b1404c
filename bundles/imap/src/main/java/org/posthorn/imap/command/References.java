package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The threading algorithm REFERENCES, RFC 5256 3, step by step. */
final class References {

    /** So many steps up are taken to see whether a link would close a circle; then no more links are made. Honest mail needs a few each. */
    private static final long MOST_STEPS = 100_000_000;

    /** A message, or a dummy, while parents are still sought. */
    private static final class Node {
        final Optional<Threaded> message;
        Node parent;
        boolean answered;
        Forest.Tree tree;

        Node(Optional<Threaded> message) {
            this.message = message;
        }
    }

    private final Map<String, Node> byId = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private long steps;

    private References() {}

    static Forest of(List<Threaded> messages) {
        References all = new References();
        all.link(messages);
        List<Forest.Tree> roots = all.pruned();
        roots.forEach(root -> Forest.sort(root.children));
        Forest.sort(roots);
        Forest forest = new Forest(new SubjectTable(roots).merged());
        forest.sort();
        return forest;
    }

    /** Step 1. */
    private void link(List<Threaded> messages) {
        List<Node> own = new ArrayList<>(messages.size());
        for (Threaded message : messages) {
            Node node = new Node(Optional.of(message));
            // Of several with the same ID the first has it.
            message.ids().forEach(id -> byId.putIfAbsent(id, node));
            own.add(node);
        }
        nodes.addAll(own);
        for (Node node : own) link(node);
    }

    private void link(Node node) {
        Node before = null;
        for (String id : node.message.orElseThrow().references()) {
            Node next = byId.computeIfAbsent(id, unknown -> dummy());
            if (before != null && next.parent == null) put(next, before);
            before = next;
        }
        // What was taken for its parent before was a guess.
        node.parent = null;
        if (before != null) put(node, before);
    }

    private void put(Node child, Node parent) {
        if (!mayBe(parent, child)) return;
        child.parent = parent;
        parent.answered = true;
    }

    private Node dummy() {
        Node dummy = new Node(Optional.empty());
        nodes.add(dummy);
        return dummy;
    }

    /** Whether that one can be the parent of this one: it must not descend from it. */
    private boolean mayBe(Node parent, Node child) {
        if (!child.answered) return parent != child;
        for (Node up = parent; up != null; up = up.parent) if (up == child || ++steps > MOST_STEPS) return false;
        return true;
    }

    /** Steps 2 and 3: dummies go, and their children take their places; but one with several children at the top stays. */
    private List<Forest.Tree> pruned() {
        List<Forest.Tree> roots = new ArrayList<>();
        for (Node node : nodes)
            if (node.message.isPresent() || node.parent == null) node.tree = new Forest.Tree(node.message);
        for (Node node : nodes) {
            if (node.parent == null) roots.add(node.tree);
            else if (node.message.isPresent()) above(node).children.add(node.tree);
        }
        List<Forest.Tree> kept = new ArrayList<>();
        for (Forest.Tree root : roots) {
            if (!root.dummy() || root.children.size() > 1) kept.add(root);
            else kept.addAll(root.children);
        }
        return kept;
    }

    /** The nearest ancestor that stays. The way there is shortened for those who come behind. */
    private static Forest.Tree above(Node node) {
        Node up = node.parent;
        while (up.tree == null) up = up.parent;
        for (Node at = node.parent; at != up; ) {
            Node next = at.parent;
            at.parent = up;
            at = next;
        }
        return up.tree;
    }
}
