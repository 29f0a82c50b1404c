package org.posthorn.database.derby;

import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.LoggerFactory;

/** What Derby's exceptions mean. */
final class DerbyFault {

    private DerbyFault() {}

    /** One line for the administrator. */
    static String explain(Path folder, Exception e) {
        if (has(e, "XSDB6")) return "the database " + folder + " is in use by another process; stop that first";
        if (has(e, "XSLAN"))
            return "the database " + folder + " was opened by a newer Derby and cannot be read any more";
        Throwable root = e;
        while (next(root) != null) root = next(root);
        String what = e instanceof SQLException ? "cannot be opened: " + root.getMessage() : e.getMessage();
        return "the database " + folder + " " + what;
    }

    /** Shutting down always ends with an exception: 08006 for a database, XJ015 for all of Derby, 08004 or XJ004 when there is none. */
    static void unlessStopped(SQLException e) {
        if (has(e, "08006") || has(e, "XJ015") || has(e, "XJ004") || has(e, "08004")) return;
        LoggerFactory.getLogger(DerbyFault.class).warn("The database did not stop cleanly: {}", e.getMessage());
    }

    private static boolean has(Throwable e, String state) {
        for (Throwable t = e; t != null; t = next(t))
            if (t instanceof SQLException s && state.equals(s.getSQLState())) return true;
        return false;
    }

    private static Throwable next(Throwable t) {
        return t instanceof SQLException s && s.getNextException() != null ? s.getNextException() : t.getCause();
    }
}
