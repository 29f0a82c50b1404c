package org.posthorn.intake;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that plug-ins work on. A JVM cannot end one that loops, but Linux can put it behind the others: by its nice value, which is a thread's own, and
 * which everybody may raise.
 */
final class PluginThread extends Thread {

    private static final Logger log = LoggerFactory.getLogger(PluginThread.class);

    /** A tenth of what others get. With less it would hold up the JVM each time that it stops all threads for a moment. */
    private static final String BEHIND = "10";

    private volatile String task = "";
    private volatile boolean behind;

    private PluginThread(Runnable work) {
        super(work, "intake-plugin");
        setDaemon(true);
        setUncaughtExceptionHandler((thread, e) -> {
            if (!(e instanceof Retired)) log.error("A thread for plug-ins ended", e);
        });
    }

    /** Of one that has been put behind no other is made, which would be behind as well; a pool does without. */
    static Thread of(Runnable work) {
        boolean heir = Thread.currentThread() instanceof PluginThread parent && parent.behind;
        return heir ? null : new PluginThread(work);
    }

    @Override
    public void run() {
        task = task();
        super.run();
    }

    /** What the system calls the thread; empty where it is not Linux. */
    private static String task() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString();
        } catch (IOException | RuntimeException e) {
            log.debug("This system does not tell threads apart", e);
            return "";
        }
    }

    /** It is not given back. */
    void putBehind() {
        behind = true;
        if (task.isEmpty()) return;
        try {
            new ProcessBuilder("renice", "-n", BEHIND, "-p", task)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            log.debug("A thread that a plug-in does not give back runs on as fast as others", e);
        }
    }

    /** Given back after all, it cannot be put in front again. */
    void retire() {
        if (behind) throw new Retired();
    }

    /** The end of a thread; the pool makes another when it needs one. */
    private static final class Retired extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
