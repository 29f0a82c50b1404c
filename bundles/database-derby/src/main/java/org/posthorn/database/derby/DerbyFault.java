package org.posthorn.database.derby;

import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.UTFDataFormatException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.apache.derby.shared.common.error.StandardException;
import org.slf4j.LoggerFactory;

/** What Derby's exceptions mean. */
final class DerbyFault {

    /**
     * SQL states of what is missing or makes no sense: of the folder and its properties (XJ004, XBM0A, XBM0U, XCY00), tables and their indexes (40XD2,
     * X0X, X0Y, XSAI), pages (XSD) and the log (XSL).
     */
    private static final Set<String> DAMAGE = Set.of(
            "XJ004", "XBM0A", "XBM0U", "XCY00", "XCY02", "XCY03", "40XD2", "X0X61", "X0X62", "X0Y55", "XSAI2", "XSAI3",
            "XSDA7", "XSDA8", "XSDA9", "XSDB0", "XSDB1", "XSDB2", "XSDBB", "XSDG0", "XSDG2", "XSLA1", "XSLA3", "XSLA7",
            "XSLAB", "XSLAC", "XSLAO");

    private DerbyFault() {}

    /** One line for the administrator. */
    static String explain(Path folder, Exception e) {
        if (has(e, "XSDB6")) return "the database " + folder + " is in use by another process; stop that first";
        if (has(e, "XSLAN"))
            return "the database " + folder + " was opened by a newer Derby and cannot be read any more";
        Throwable root = e;
        while (next(root) != null) root = next(root);
        String what = e instanceof SQLException
                ? "cannot be read: "
                        + String.valueOf(root.getMessage()).lines().findFirst().orElse("")
                : e.getMessage();
        return "the database " + folder + " " + what;
    }

    /**
     * Whether what the files hold is to blame. All else fails the start, since another may go well: another process has them, a newer Derby wrote
     * them, the disk is full or cannot be read. Texts tell nothing: those of the system are in its language.
     */
    static boolean damage(SQLException e) {
        boolean damage = false;
        for (Throwable t = e; t != null; t = next(t)) {
            // A class that a class wants is missing in this bundle, and no fault of the files.
            if (disk(t) || t instanceof VirtualMachineError || t instanceof LinkageError) return false;
            damage |= stumbles(t) || DAMAGE.contains(state(t));
        }
        return damage;
    }

    private static boolean disk(Throwable t) {
        return t instanceof IOException && !stumbles(t);
    }

    /** Derby trips over octets that it takes for good, or that end too early; names of its classes it has from {@code service.properties}. */
    private static boolean stumbles(Throwable t) {
        return t instanceof RuntimeException
                || t instanceof ClassNotFoundException
                || t instanceof EOFException
                || t instanceof ObjectStreamException
                || t instanceof UTFDataFormatException;
    }

    /** Shutting down always ends with an exception: 08006 for a database, XJ015 for all of Derby, 08004 or XJ004 when there is none. */
    static void unlessStopped(SQLException e) {
        if (has(e, "08006") || has(e, "XJ015") || has(e, "XJ004") || has(e, "08004")) return;
        LoggerFactory.getLogger(DerbyFault.class).warn("The database did not stop cleanly: {}", e.getMessage());
    }

    private static boolean has(Throwable e, String state) {
        for (Throwable t = e; t != null; t = next(t)) if (state.equals(state(t))) return true;
        return false;
    }

    /** Derby's own exceptions, which have one as well, stand behind those of SQL: a page that is met while the log is gone through, say. */
    private static String state(Throwable t) {
        if (t instanceof SQLException s) return String.valueOf(s.getSQLState());
        return t instanceof StandardException s ? s.getSQLState() : "";
    }

    private static Throwable next(Throwable t) {
        return t instanceof SQLException s && s.getNextException() != null ? s.getNextException() : t.getCause();
    }
}
