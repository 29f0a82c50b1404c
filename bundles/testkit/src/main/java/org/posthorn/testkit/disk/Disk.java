package org.posthorn.testkit.disk;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk that writes down what is done to it. Code under test gets {@link #root}, a path into a file system of its own that keeps its files below
 * a real folder; each write, force, new name, rename and deletion is an operation. Afterwards the power is cut behind each of them: what was not
 * forced by then is lost, partly lost, or torn, as a {@link Survival} decides.
 *
 * <p>What is assumed of a disk: a sector of 512 octets is written whole or not at all; {@code force} on any channel of a file makes all of the file
 * safe, but not its name; {@code force} on a folder makes the names in it safe; names that were not forced may be there in any selection, whatever
 * the order they were made in; a rename happens whole or not at all, between folders too. Safe for several threads.
 */
public final class Disk {

    private static final int FIRST_FOLDER = 1_000_000;

    private final Path real;
    private final DiskFileSystem files = new DiskFileSystem(this);
    private final List<Operation> operations = new ArrayList<>();
    private final Names names = new Names();
    private int nextFile = 1;
    private int nextFolder = FIRST_FOLDER;
    private int first;
    private boolean full;

    /** @param real an existing folder; what lies in it is taken for forced */
    public Disk(Path real) throws IOException {
        this.real = real.toRealPath();
        Files.walkFileTree(this.real, new Import());
        first = operations.size();
    }

    /** What lay there before. */
    private final class Import extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(real)) made(folder, true);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            int node = made(file, false);
            add(new Operation.Write(node, 0, Files.readAllBytes(file)));
            add(new Operation.Touch(node, attributes.lastModifiedTime()));
            add(new Operation.Force(node));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException problem) {
            add(new Operation.Force(node(folder)));
            return FileVisitResult.CONTINUE;
        }
    }

    /** What the code under test sees of it. */
    public Path root() {
        return new DiskPath(files, real);
    }

    /** Whether no file can grow from now on. */
    public synchronized void full(boolean now) {
        full = now;
    }

    synchronized boolean isFull() {
        return full;
    }

    /** Somebody outside was told something: what follows from it must hold for each cut from now on. */
    public synchronized void mark(Object told) {
        add(new Operation.Mark(told));
    }

    /** How many operations there were since the beginning. */
    public synchronized int operations() {
        return operations.size() - first;
    }

    /** What was told during so many operations since the beginning. */
    public synchronized List<Object> marks(int operationsDone) {
        List<Object> told = new ArrayList<>();
        for (Operation operation : operations.subList(0, first + operationsDone))
            if (operation instanceof Operation.Mark mark) told.add(mark.told());
        return told;
    }

    /** Writes into an empty real folder what is left when the power fails behind so many operations. */
    public synchronized void leave(int operationsDone, Survival survival, Path folder) throws IOException {
        Rebuilding.run(List.copyOf(operations.subList(0, first + operationsDone)), survival, folder);
    }

    /** The operation in words, for messages. */
    public synchronized String describe(int number) {
        return operations.get(first + number).toString();
    }

    static boolean isFolder(int node) {
        return node == Names.ROOT || node >= FIRST_FOLDER;
    }

    private int node(Path path) {
        return names.find(real.relativize(path.toAbsolutePath().normalize()));
    }

    private Operation.Name name(Path path, int node) {
        return new Operation.Name(
                node(path.toAbsolutePath().getParent()), path.getFileName().toString(), node);
    }

    private void add(Operation operation) {
        operations.add(operation);
        if (operation instanceof Operation.Naming naming) names.apply(naming.names());
    }

    /** The caller holds the disk's lock in these, and did it to the real one. @return the node */
    int made(Path path, boolean folder) {
        int node = folder ? nextFolder++ : nextFile++;
        add(new Operation.Naming(List.of(name(path, node))));
        return node;
    }

    int found(Path path) {
        return node(path);
    }

    void deleted(Path path) {
        add(new Operation.Naming(List.of(name(path, Operation.NONE))));
    }

    void renamed(Path from, Path to) {
        int node = node(from);
        add(new Operation.Naming(List.of(name(from, Operation.NONE), name(to, node))));
    }

    void linked(Path link, Path existing) {
        add(new Operation.Naming(List.of(name(link, node(existing)))));
    }

    void wrote(int node, long position, byte[] octets) {
        add(new Operation.Write(node, position, octets));
    }

    void resized(int node, long size) {
        add(new Operation.Resize(node, size));
    }

    void touched(Path path, FileTime time) {
        add(new Operation.Touch(node(path), time));
    }

    void forced(int node) {
        add(new Operation.Force(node));
    }
}
