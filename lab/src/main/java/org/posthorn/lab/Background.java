package org.posthorn.lab;

import java.io.IOException;

/** Threads that keep no process alive. */
final class Background {

    private Background() {}

    /** Work that ends when its sockets are closed. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    static Thread run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        System.getLogger("posthorn.lab").log(System.Logger.Level.DEBUG, name + " ends", e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
