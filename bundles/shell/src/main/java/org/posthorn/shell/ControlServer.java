package org.posthorn.shell;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the control channel while the bundle runs. Being a start report, it keeps the launcher from going on before there is a channel. */
@Component(immediate = true)
public final class ControlServer implements StartReport {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /** Too many open files, say: it gets no better by asking at once. */
    private static final long PAUSE_AFTER_FAULT = TimeUnit.SECONDS.toNanos(1);

    /** Whoever has not asked for anything by then holds a thread for nothing; over TCP it may be anybody of this machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** For commands that run when the server stops. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** For those that run when another version takes over, the one that has it do so among them, whose end a busy disk holds up. */
    private static final Duration LAST_WORDS_OF_ONE_REPLACED = Duration.ofSeconds(20);

    private final Control control;
    private final Succession<Control> turn;
    private final Exec exec;
    private final Interactive interactive;
    private final Duration patience;
    private final Future<?> accepting;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(r -> {
        Thread thread = new Thread(r, "control-clock");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public ControlServer(BundleContext context, @Reference Catalogue catalogue, @Reference CommandProcessor gogo)
            throws IOException {
        this(
                new Exec(catalogue, gogo),
                new Interactive(context, gogo, catalogue),
                Control.open(context.getProperty("posthorn.control")),
                PATIENCE,
                ControlServer::thread);
    }

    /** @param factory of the thread that lets clients in, and of those that serve them */
    ControlServer(Exec exec, Interactive interactive, Control control, Duration patience, ThreadFactory factory)
            throws IOException {
        this.threads = Executors.newCachedThreadPool(factory);
        this.control = control;
        this.exec = exec;
        this.interactive = interactive;
        this.patience = patience;
        // The version before may still answer, and goes on with it when this one is no good.
        turn = Succession.begin("the control channel " + control.file(), before -> {
            control.takePlace();
            return control;
        });
        if (!turn.waits()) turn.get();
        accepting = threads.submit(this::accept);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "control");
        thread.setDaemon(true);
        return thread;
    }

    /** The command that ends us, by putting another version in our place, is still answered. */
    @Deactivate
    void stop() throws IOException, InterruptedException {
        Duration lastWords = turn.awaited() ? LAST_WORDS_OF_ONE_REPLACED : LAST_WORDS;
        turn.close(ControlServer::giveWay);
        control.end();
        awaitLastClient();
        control.close();
        interactive.close();
        threads.shutdown();
        threads.awaitTermination(lastWords.toMillis(), TimeUnit.MILLISECONDS);
        for (SocketChannel client : clients) client.close();
        threads.shutdownNow();
        clock.shutdownNow();
    }

    private static void giveWay(Control control) {
        try {
            control.giveWay();
        } catch (IOException e) {
            LOG.warn("The file of the control channel is not another's yet: {}", e.toString());
        }
    }

    private void awaitLastClient() throws InterruptedException {
        try {
            accepting.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Clients of the control channel that came at the last moment are cut off: {}", e.toString());
        }
    }

    private void accept() {
        while (true) {
            try {
                Optional<SocketChannel> client = control.accept();
                if (client.isEmpty()) return;
                letIn(client.get());
            } catch (ClosedChannelException | ClosedSelectorException | RejectedExecutionException closed) {
                LOG.debug("The control channel is closed", closed);
                return;
            } catch (IOException | RuntimeException | Error e) {
                // No thread or no memory, say: whoever comes next may be luckier, and without us nobody is.
                LOG.warn("A client of the control channel could not come in: {}", e.toString());
                LockSupport.parkNanos(PAUSE_AFTER_FAULT);
            }
        }
    }

    private void letIn(SocketChannel client) throws IOException {
        try {
            clients.add(client);
            threads.execute(() -> serve(client));
        } catch (RuntimeException | Error e) {
            clients.remove(client);
            client.close();
            throw e;
        }
    }

    private void serve(SocketChannel client) {
        Future<?> late = clock.schedule(() -> cut(client), patience.toMillis(), TimeUnit.MILLISECONDS);
        try (client) {
            InputStream in = new BufferedInputStream(Control.in(client));
            if (!control.admits(in)) return;
            ControlRequest request = ControlRequest.read(in);
            late.cancel(false);
            answer(request, in, client);
        } catch (ClosedChannelException cut) {
            LOG.debug("A client of the control channel asked for nothing in time, or the channel was closed", cut);
        } catch (IOException e) {
            LOG.warn("A client of the control channel was not understood: {}", e.getMessage());
        } finally {
            late.cancel(false);
            clients.remove(client);
        }
    }

    private static void cut(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("A client that asked for nothing could not be closed", e);
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

    /** While the version before answers this one does not yet. */
    @Override
    public boolean ready() {
        return !turn.waits();
    }

    @Override
    public List<StartProblem> problems() {
        try {
            if (ready()) turn.get();
            return List.of();
        } catch (IOException e) {
            return List.of(new StartProblem(StartProblem.Cause.DATA, e.getMessage()));
        }
    }
}
