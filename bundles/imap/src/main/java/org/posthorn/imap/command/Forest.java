package org.posthorn.imap.command;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.posthorn.api.mailbox.Entry;

/** Threads: trees of messages. Nothing here calls itself, as a thread can be as deep as a mailbox is large. */
record Forest(List<Tree> roots) {

    /** A message with those that answer it. One that stands for a message nobody has (a dummy) is a root. */
    static final class Tree {
        final Optional<Threaded> message;
        final List<Tree> children = new ArrayList<>();

        Tree(Optional<Threaded> message) {
            this.message = message;
        }

        boolean dummy() {
            return message.isEmpty();
        }

        /** The message that stands for it: of a dummy its first child, whose children have been sorted. */
        Threaded face() {
            return message.or(() -> children.get(0).message).orElseThrow();
        }
    }

    /** By sent date, then by place in the mailbox. */
    private static final Comparator<Tree> ORDER = Comparator.<Tree, java.time.Instant>comparing(
                    t -> t.face().sent())
            .thenComparingLong(t -> t.face().entry().uid());

    static void sort(List<Tree> siblings) {
        siblings.sort(ORDER);
    }

    /** Sorts all siblings, the deepest first, RFC 5256 3 step 6. */
    void sort() {
        List<Tree> all = new ArrayList<>(roots);
        for (int i = 0; i < all.size(); i++) all.addAll(all.get(i).children);
        for (int i = all.size() - 1; i >= 0; i--) sort(all.get(i).children);
        sort(roots);
    }

    /** As the answer has it, RFC 5256 4. */
    String told(ToLongFunction<Entry> number) {
        StringBuilder out = new StringBuilder();
        for (Tree root : roots) tell(out, root, number);
        return out.toString();
    }

    private static void tell(StringBuilder out, Tree root, ToLongFunction<Entry> number) {
        Deque<Optional<Tree>> rest = new ArrayDeque<>();
        rest.push(Optional.of(root));
        while (!rest.isEmpty()) {
            Optional<Tree> next = rest.pop();
            if (next.isEmpty()) out.append(')');
            else line(out.append('('), next.get(), number, rest);
        }
    }

    /** One below the other as long as there is no choice; then the branches are told, and the bracket is closed. */
    private static void line(StringBuilder out, Tree first, ToLongFunction<Entry> number, Deque<Optional<Tree>> rest) {
        Tree at = first;
        if (!at.dummy()) out.append(number.applyAsLong(at.message.get().entry()));
        while (at.children.size() == 1) {
            at = at.children.get(0);
            out.append(' ').append(number.applyAsLong(at.message.orElseThrow().entry()));
        }
        if (!at.children.isEmpty() && !at.dummy()) out.append(' ');
        rest.push(Optional.empty());
        for (int i = at.children.size() - 1; i >= 0; i--) rest.push(Optional.of(at.children.get(i)));
    }
}
