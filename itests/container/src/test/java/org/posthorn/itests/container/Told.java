package org.posthorn.itests.container;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;

/** Settings that are written, until the part has been told. Not thread-safe. */
final class Told {

    /** Nobody's settings. */
    private static final String MARK = "org.posthorn.itests.mark";

    private interface Step {
        void run() throws IOException;
    }

    private final BundleContext context;
    private final ConfigurationAdmin configurations;

    Told(BundleContext context, ConfigurationAdmin configurations) {
        this.context = context;
        this.configurations = configurations;
    }

    /**
     * Writes a file of settings, and comes back when they are in force. All who listen are told of one change before anyone is told of
     * the next, in no order that counts: who hears of a second change knows that the part has heard of the first.
     */
    void write(String pid, String text) throws IOException, InterruptedException {
        Path file = Path.of(System.getProperty("posthorn.config"), pid + ".cfg");
        until(pid, () -> Files.writeString(file, text));
        Configuration mark = configurations.getConfiguration(MARK, "?");
        until(MARK, () -> mark.update(new Hashtable<>()));
        mark.delete();
    }

    private void until(String pid, Step step) throws IOException, InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        ConfigurationListener listener = event -> {
            if (event.getType() == ConfigurationEvent.CM_UPDATED
                    && event.getPid().equals(pid)) heard.countDown();
        };
        ServiceRegistration<?> listening = context.registerService(ConfigurationListener.class, listener, null);
        try {
            step.run();
            assertTrue(pid + " comes into force", heard.await(10, TimeUnit.SECONDS));
        } finally {
            listening.unregister();
        }
    }
}
