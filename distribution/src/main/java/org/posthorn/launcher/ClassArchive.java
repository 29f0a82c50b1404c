package org.posthorn.launcher;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The archive of loaded classes that shortens the next start. The JVM would make it by itself at every end, also at one that must not take long because there
 * is no memory ({@link Memory}); so it is asked to at a clean stop alone.
 */
final class ClassArchive {
    private static final String FILE = System.getProperty("posthorn.archive", "");

    private ClassArchive() {}

    /** Makes it where {@code bin/posthorn} found none. What is printed to the standard output from then on is lost. */
    static void make() {
        if (FILE.isEmpty()) return;
        // The JVM tells there what it did.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", FILE}},
                            new String[] {String[].class.getName()});
        } catch (JMException | RuntimeException e) {
            System.err.println("posthorn: the next start takes longer, as no archive of classes can be made: " + e);
        }
    }
}
