package org.posthorn.deploy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The classes that a class file names: the CONSTANT_Class entries of its pool, JVMS 4.4.1. */
final class ClassNames {

    private static final int MAGIC = 0xCAFEBABE;
    /** The pool of a file that is longer is read as far as it reaches. */
    private static final int LONGEST = 8 << 20;

    private ClassNames() {}

    /**
     * With dots; of an array that of its elements, if they are objects.
     *
     * @param file is read to its end, or to 8 MiB of it; the caller closes it
     * @throws IOException when it is no class file, or one that is cut off or newer than what is known here
     */
    static Set<String> in(InputStream file) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file.readNBytes(LONGEST)));
        if (in.readInt() != MAGIC) throw new IOException("it is no class file");
        in.skipNBytes(4);
        String[] texts = new String[in.readUnsignedShort()];
        List<Integer> classes = new ArrayList<>();
        for (int at = 1; at < texts.length; ) at += constant(in, at, texts, classes);
        Set<String> names = new TreeSet<>();
        for (int at : classes) {
            if (at >= texts.length || texts[at] == null) throw new IOException("a class in it has no name");
            element(texts[at].replace('/', '.'), names);
        }
        return names;
    }

    /** JVMS 4.4. @return how many places it takes in the pool */
    private static int constant(DataInputStream in, int at, String[] texts, List<Integer> classes) throws IOException {
        int tag = in.readUnsignedByte();
        switch (tag) {
            case 1 -> texts[at] = in.readUTF();
            case 7 -> classes.add(in.readUnsignedShort());
            case 8, 16, 19, 20 -> in.skipNBytes(2);
            case 15 -> in.skipNBytes(3);
            case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
            case 5, 6 -> in.skipNBytes(8);
            default -> throw new IOException("it has a constant of the unknown kind " + tag);
        }
        return tag == 5 || tag == 6 ? 2 : 1;
    }

    /** JVMS 4.3.2: {@code [[I} is an array of no classes, {@code [Ljava.lang.String;} one of strings. */
    private static void element(String name, Set<String> to) {
        if (!name.startsWith("[")) to.add(name);
        else if (name.endsWith(";")) to.add(name.substring(name.lastIndexOf('[') + 2, name.length() - 1));
    }
}
