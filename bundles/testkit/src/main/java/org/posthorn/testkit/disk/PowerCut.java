package org.posthorn.testkit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One end of the power.
 *
 * @param operations how many operations of the disk were done
 * @param machine whether the machine went down; otherwise the process died and all that it did is there
 * @param told what was told until then, as marked
 * @param lot decides what else may be drawn, the same each time
 */
public record PowerCut(int operations, boolean machine, List<Object> told, java.util.Random lot) {

    /** What must hold on what is left. */
    @FunctionalInterface
    public interface Check {
        /** @param root what is left, on a real disk */
        void holds(Path root, PowerCut cut) throws Exception;
    }

    /**
     * Cuts the power behind each operation, with each of several choices of what survives: all, nothing, and so many that are drawn.
     *
     * @return how many states were looked at
     */
    public static int each(Disk disk, int draws, Check check) throws Exception {
        // The forces of those who mend what is left are real ones; in memory they take no time.
        Path memory = Path.of("/dev/shm");
        Path scratch = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "posthorn-power-")
                : Files.createTempDirectory("posthorn-power-");
        int states = 0;
        try {
            for (int done = 0; done <= disk.operations(); done++)
                for (int draw = -2; draw < draws; draw++, states++) state(disk, done, draw, scratch, check);
        } finally {
            delete(scratch);
        }
        return states;
    }

    private static void state(Disk disk, int done, int draw, Path scratch, Check check) throws Exception {
        long seed = done * 1000L + draw;
        Survival survival =
                switch (draw) {
                    case -2 -> Survival.ALL;
                    case -1 -> Survival.NOTHING;
                    default -> Survival.drawn(seed);
                };
        Path root = Files.createDirectory(scratch.resolve(done + "." + draw));
        disk.leave(done, survival, root);
        try {
            check.holds(root, new PowerCut(done, draw != -2, disk.marks(done), new java.util.Random(seed)));
        } catch (Exception | AssertionError e) {
            String last = done == 0 ? "nothing" : disk.describe(done - 1);
            throw new AssertionError("power cut behind operation " + done + " (" + last + "), " + survival, e);
        }
        delete(root);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /** What was told of one kind. */
    public <T> List<T> told(Class<T> kind) {
        return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
