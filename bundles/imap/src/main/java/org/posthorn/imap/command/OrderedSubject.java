package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The threading algorithm ORDEREDSUBJECT, RFC 5256 3. */
final class OrderedSubject {

    private OrderedSubject() {}

    static Forest of(List<Threaded> messages) {
        List<Forest.Tree> all = new ArrayList<>();
        for (Threaded message : messages) all.add(new Forest.Tree(Optional.of(message)));
        Forest.sort(all);
        Map<String, Forest.Tree> threads = new LinkedHashMap<>();
        for (Forest.Tree tree : all) {
            Forest.Tree root = threads.putIfAbsent(tree.face().subject(), tree);
            if (root != null) root.children.add(tree);
        }
        return new Forest(new ArrayList<>(threads.values()));
    }
}
