package org.posthorn.testkit.disk;

import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** What lay in a folder. */
record DiskListing(List<Path> paths) implements DirectoryStream<Path> {
    @Override
    public Iterator<Path> iterator() {
        return paths.iterator();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
