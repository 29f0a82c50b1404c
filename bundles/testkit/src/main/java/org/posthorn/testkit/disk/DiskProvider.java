package org.posthorn.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Does everything to the real file system, and tells the disk what changes it. One change at a time, so that their order is known. */
final class DiskProvider extends FileSystemProvider {

    private final Disk disk;

    DiskProvider(Disk disk) {
        this.disk = disk;
    }

    private static Path real(Path path) {
        return DiskPath.real(path);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        synchronized (disk) {
            Path file = real(path);
            boolean fresh = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            FileChannel channel = FileChannel.open(file, options, attributes);
            int node = fresh ? disk.made(file, false) : disk.found(file);
            if (!fresh && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) disk.resized(node, 0);
            return new DiskChannel(disk, channel, node, options.contains(StandardOpenOption.APPEND));
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        synchronized (disk) {
            Files.createDirectory(real(path), attributes);
            disk.made(real(path), true);
        }
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        synchronized (disk) {
            Files.createLink(real(link), real(existing));
            disk.linked(real(link), real(existing));
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        synchronized (disk) {
            Files.delete(real(path));
            disk.deleted(real(path));
        }
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        synchronized (disk) {
            Files.move(real(from), real(to), options);
            disk.renamed(real(from), real(to));
        }
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        Set<OpenOption> how = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (List.of(options).contains(StandardCopyOption.REPLACE_EXISTING)) deleteIfExists(to);
        try (FileChannel in = newFileChannel(from, EnumSet.of(StandardOpenOption.READ));
                FileChannel out = newFileChannel(to, how)) {
            for (long done = 0; done < in.size(); ) done += in.transferTo(done, in.size() - done, out);
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DiskPath ours = (DiskPath) folder;
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(ours.real())) {
            java.util.ArrayList<Path> found = new java.util.ArrayList<>();
            for (Path path : paths) {
                Path wrapped = new DiskPath(ours.getFileSystem(), path);
                if (filter.accept(wrapped)) found.add(wrapped);
            }
            return new DiskListing(found);
        }
    }

    @Override
    public <A extends FileAttributeView> A getFileAttributeView(Path path, Class<A> type, LinkOption... options) {
        A view = Files.getFileAttributeView(real(path), type, options);
        if (type != BasicFileAttributeView.class) return view;
        return type.cast(new Times((BasicFileAttributeView) view, real(path)));
    }

    /** Times are written down too. */
    private final class Times implements BasicFileAttributeView {
        private final BasicFileAttributeView view;
        private final Path path;

        private Times(BasicFileAttributeView view, Path path) {
            this.view = view;
            this.path = path;
        }

        @Override
        public String name() {
            return view.name();
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return view.readAttributes();
        }

        @Override
        public void setTimes(FileTime changed, FileTime read, FileTime made) throws IOException {
            synchronized (disk) {
                view.setTimes(changed, read, made);
                if (changed != null) disk.touched(path, changed);
            }
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return Files.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Files.readAttributes(real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        Files.setAttribute(real(path), attribute, value, options);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real(path).getFileSystem().provider().checkAccess(real(path), modes);
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return Files.isSameFile(real(one), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(real(path));
    }

    @Override
    public String getScheme() {
        return "disk";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }
}
