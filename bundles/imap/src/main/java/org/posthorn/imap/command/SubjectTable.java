package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings threads of the same base subject together: step 5 of REFERENCES, RFC 5256 3. */
final class SubjectTable {

    private final Set<Forest.Tree> roots;
    private final Map<String, Forest.Tree> table = new HashMap<>();

    SubjectTable(List<Forest.Tree> roots) {
        this.roots = new LinkedHashSet<>(roots);
    }

    List<Forest.Tree> merged() {
        for (Forest.Tree root : roots) note(root);
        for (Forest.Tree root : List.copyOf(roots)) merge(root);
        return new ArrayList<>(roots);
    }

    private static String subject(Forest.Tree root) {
        return root.face().subject();
    }

    private static boolean answering(Forest.Tree root) {
        return !root.dummy() && root.message.get().answering();
    }

    /** 5 (B): a dummy before a message, what began a thread before what answers. */
    private void note(Forest.Tree root) {
        if (subject(root).isEmpty()) return;
        Forest.Tree noted = table.putIfAbsent(subject(root), root);
        if (noted == null || noted.dummy()) return;
        if (root.dummy() || answering(noted) && !answering(root)) table.put(subject(root), root);
    }

    /** 5 (C). */
    private void merge(Forest.Tree root) {
        Forest.Tree noted = table.get(subject(root));
        if (noted == null || noted == root) return;
        roots.remove(root);
        if (noted.dummy() && root.dummy()) noted.children.addAll(root.children);
        else if (noted.dummy() || answering(root) && !answering(noted)) noted.children.add(root);
        else under(new Forest.Tree(Optional.empty()), noted, root);
    }

    private void under(Forest.Tree dummy, Forest.Tree noted, Forest.Tree root) {
        roots.remove(noted);
        dummy.children.add(noted);
        dummy.children.add(root);
        roots.add(dummy);
        table.put(subject(noted), dummy);
    }
}
