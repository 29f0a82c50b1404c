package org.posthorn.shell;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.start.StartReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the control channel while the bundle runs. Being a start report, it keeps the launcher from going on before there is a channel. */
@Component
public final class ControlServer implements StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /** Too many open files, say: it gets no better by asking at once. */
    private static final long PAUSE_AFTER_FAULT = TimeUnit.SECONDS.toNanos(1);

    private final Control control;
    private final Exec exec;
    private final Interactive interactive;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(r -> {
        Thread thread = new Thread(r, "control");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public ControlServer(BundleContext context, @Reference Catalogue catalogue, @Reference CommandProcessor gogo)
            throws IOException {
        this.exec = new Exec(catalogue, gogo);
        this.interactive = new Interactive(context, gogo);
        this.control = Control.open(context.getProperty("posthorn.control"));
        threads.execute(this::accept);
    }

    @Deactivate
    void stop() throws IOException {
        control.close();
        for (SocketChannel client : clients) client.close();
        threads.shutdownNow();
        interactive.close();
    }

    private void accept() {
        while (control.isOpen()) {
            try {
                SocketChannel client = control.accept();
                clients.add(client);
                threads.execute(() -> serve(client));
            } catch (ClosedChannelException | RejectedExecutionException closed) {
                LOG.debug("The control channel is closed", closed);
            } catch (IOException e) {
                LOG.warn("A client of the control channel could not come in: {}", e.getMessage());
                LockSupport.parkNanos(PAUSE_AFTER_FAULT);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            InputStream in = new BufferedInputStream(Control.in(client));
            if (control.admits(in)) answer(ControlRequest.read(in), in, client);
        } catch (IOException e) {
            LOG.warn("A client of the control channel was not understood: {}", e.getMessage());
        } finally {
            clients.remove(client);
        }
    }

    private void answer(ControlRequest request, InputStream in, SocketChannel client) throws IOException {
        Frames frames = new Frames(Control.out(client));
        switch (request.verb()) {
            case "EXEC 1" -> exec.run(request, in, frames);
            case "SHELL 1" -> interactive.run(request, in, Control.out(client));
            default -> {
                frames.err("not understood: " + request.verb());
                frames.exit(Exec.USAGE);
            }
        }
    }

    @Override
    public boolean ready() {
        return true;
    }
}
