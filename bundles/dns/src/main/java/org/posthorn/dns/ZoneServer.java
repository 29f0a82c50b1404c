package org.posthorn.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for the zones that the settings name, if they name any. */
@Component(configurationPid = "org.posthorn.dns", service = ZoneServer.class, immediate = true)
public final class ZoneServer {

    private static final Logger LOG = LoggerFactory.getLogger(ZoneServer.class);
    private static final long AGAIN_MILLIS = 5000;

    private Thread opening;

    /** Opens its ports beside whatever else starts, and tries again while another program has them. */
    @Activate
    @Modified
    synchronized void settings(Dns.Config config) throws InterruptedException {
        stop();
        List<Path> files = Stream.of(config.zones())
                .filter(z -> !z.isBlank())
                .map(z -> Path.of(z.strip()))
                .toList();
        if (files.isEmpty()) return;
        InetSocketAddress at = Servers.parse(config.zonesAt());
        opening = new Thread(() -> serve(files, at), "dns-zones");
        opening.setDaemon(true);
        opening.start();
    }

    /** Returns when nothing of it is left. */
    @Deactivate
    synchronized void stop() throws InterruptedException {
        if (opening == null) return;
        opening.interrupt();
        opening.join();
        opening = null;
    }

    private static void serve(List<Path> files, InetSocketAddress at) {
        for (boolean told = false; ; told = true) {
            try (ZoneDoor door = new ZoneDoor(Zones.of(files), at)) {
                LOG.info("Answers for the zones of {} at {}:{}", files, at.getHostString(), door.port());
                Thread.sleep(Long.MAX_VALUE);
            } catch (IOException e) {
                if (!told)
                    LOG.error(
                            "Nobody answers for the zones of {} at {}, until it can be done: {}",
                            files,
                            at,
                            e.toString());
            } catch (InterruptedException e) {
                return;
            }
            if (!rested()) return;
        }
    }

    private static boolean rested() {
        try {
            Thread.sleep(AGAIN_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
