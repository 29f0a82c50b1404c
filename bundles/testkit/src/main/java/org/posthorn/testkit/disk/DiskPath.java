package org.posthorn.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of a {@link DiskFileSystem}: a real one that leads through it. */
record DiskPath(DiskFileSystem files, Path real) implements Path {

    static Path real(Path path) {
        return path instanceof DiskPath ours ? ours.real : path;
    }

    private Path ours(Path path) {
        return path == null ? null : new DiskPath(files, path);
    }

    @Override
    public DiskFileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return real.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return ours(real.getRoot());
    }

    @Override
    public Path getFileName() {
        return ours(real.getFileName());
    }

    @Override
    public Path getParent() {
        return ours(real.getParent());
    }

    @Override
    public int getNameCount() {
        return real.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return ours(real.getName(index));
    }

    @Override
    public Path subpath(int begin, int end) {
        return ours(real.subpath(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return real.startsWith(real(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return real.endsWith(real(other));
    }

    @Override
    public Path normalize() {
        return ours(real.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return ours(real.resolve(real(other)));
    }

    @Override
    public Path relativize(Path other) {
        return ours(real.relativize(real(other)));
    }

    @Override
    public URI toUri() {
        return real.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return ours(real.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return ours(real.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return real.compareTo(real(other));
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
