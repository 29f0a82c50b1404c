package org.posthorn.testkit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a state that the power may have left. */
final class Rebuilding {

    private final List<Operation> operations;
    private final Survival survival;
    private final boolean[] safe;
    private final Names names = new Names();
    private final Map<Integer, Content> files = new HashMap<>();

    private Rebuilding(List<Operation> operations, Survival survival) {
        this.operations = operations;
        this.survival = survival;
        this.safe = new boolean[operations.size()];
    }

    /** Writes into the empty folder what is left of these operations, all of them done and no more. */
    static void run(List<Operation> operations, Survival survival, Path folder) throws IOException {
        Rebuilding rebuilding = new Rebuilding(operations, survival);
        rebuilding.findSafe();
        for (int i = 0; i < rebuilding.safe.length; i++) rebuilding.apply(i);
        rebuilding.save(Names.ROOT, folder, new HashSet<>());
    }

    /** From the last to the first: what was forced later is safe. */
    private void findSafe() {
        Set<Integer> forced = new HashSet<>();
        for (int i = safe.length - 1; i >= 0; i--) {
            Operation operation = operations.get(i);
            if (operation instanceof Operation.Force force) forced.add(force.node());
            safe[i] = isSafe(operation, forced);
        }
    }

    private static boolean isSafe(Operation operation, Set<Integer> forced) {
        if (operation instanceof Operation.Write write) return forced.contains(write.node());
        if (operation instanceof Operation.Resize resize) return forced.contains(resize.node());
        if (operation instanceof Operation.Touch touch) return forced.contains(touch.node());
        // A rename between two folders is one step for every file system with a journal: forcing either makes it safe.
        if (operation instanceof Operation.Naming naming)
            return naming.names().stream().anyMatch(n -> forced.contains(n.folder()));
        return true;
    }

    private void apply(int i) {
        Operation operation = operations.get(i);
        Survival lot = safe[i] ? Survival.ALL : survival;
        if (operation instanceof Operation.Write write) content(write.node()).write(write, lot);
        else if (operation instanceof Operation.Resize resize && lot.change())
            content(resize.node()).resize(resize.size());
        else if (operation instanceof Operation.Touch touch && lot.change())
            content(touch.node()).touch(touch.time());
        else if (operation instanceof Operation.Naming naming && lot.change()) names.apply(naming.names());
    }

    private Content content(int node) {
        return files.computeIfAbsent(node, n -> new Content());
    }

    /** @param above the folders on the way: what a rename made of the tree must not go round in circles */
    private void save(int folder, Path to, Set<Integer> above) throws IOException {
        if (!above.add(folder)) return;
        for (Map.Entry<String, Integer> name : names.in(folder)) {
            Path path = to.resolve(name.getKey());
            if (Disk.isFolder(name.getValue())) save(name.getValue(), Files.createDirectory(path), above);
            else content(name.getValue()).save(path);
        }
        above.remove(folder);
    }
}
