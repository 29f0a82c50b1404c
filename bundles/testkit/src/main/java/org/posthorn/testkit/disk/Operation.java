package org.posthorn.testkit.disk;

import java.nio.file.attribute.FileTime;
import java.util.List;

/** What was done to the disk. A node is a file or a folder, whatever its name is at the moment; {@link #NONE} stands for no node. */
sealed interface Operation {

    int NONE = -1;

    /** Octets were written to a file. */
    record Write(int node, long position, byte[] octets) implements Operation {
        @Override
        public String toString() {
            return "write of " + octets.length + " octets at " + position + " to " + node;
        }
    }

    /** A file was cut, or made longer with zeros. */
    record Resize(int node, long size) implements Operation {}

    /** A file got another time of change. */
    record Touch(int node, FileTime time) implements Operation {}

    /** Names changed, all of these or none: a new file, a deletion, a link, a rename. */
    record Naming(List<Name> names) implements Operation {}

    /** In that folder the name leads there from now on. */
    record Name(int folder, String name, int node) {}

    /** What was done to a file, or to the names in a folder, outlives the power from now on. */
    record Force(int node) implements Operation {}

    /** Nothing happened to the disk: somebody was told something. */
    record Mark(Object told) implements Operation {}
}
