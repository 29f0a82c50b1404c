package org.posthorn.net;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;

/** All listeners: for those who start the server, and for those who run it. */
@Component(service = {StartReport.class, ShellCommands.class})
public final class Listeners implements StartReport, ShellCommands {

    private static final String FACTORY = "(service.factoryPid=org.posthorn.net.listener)";

    /** A line of {@code listener:list}. */
    record Row(String name, String protocol, String address, String tls, String state, int connections) {}

    private final Door door;
    private final ConfigurationAdmin admin;
    private final List<SocketListener> all = new CopyOnWriteArrayList<>();

    @Activate
    public Listeners(@Reference Door door, @Reference ConfigurationAdmin admin) {
        this.door = door;
        this.admin = admin;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void add(SocketListener listener) {
        all.add(listener);
    }

    void remove(SocketListener listener) {
        all.remove(listener);
    }

    private List<SocketListener> sorted() {
        return all.stream()
                .sorted(Comparator.comparingInt(l -> l.openings().stream()
                        .mapToInt(o -> o.address().getPort())
                        .findFirst()
                        .orElse(0)))
                .toList();
    }

    /** Ready when each listener that there is a file for has tried to listen. */
    @Override
    public boolean ready() {
        if (door.offline()) return true;
        try {
            Configuration[] files = admin.listConfigurations(FACTORY);
            return files == null || files.length <= all.size();
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("the listeners' settings cannot be read", e);
        }
    }

    @Override
    public List<StartProblem> problems() {
        if (door.offline()) return List.of();
        List<Opening> blocked = all.stream()
                .flatMap(l -> l.openings().stream())
                .filter(o -> o.state() == Opening.State.BLOCKED)
                .toList();
        List<StartProblem> ports = Opening.faults(blocked).stream()
                .map(fault -> new StartProblem(StartProblem.Cause.PORT, fault))
                .toList();
        if (!ports.isEmpty()) return ports;
        return door.keys().fault().stream()
                .map(fault -> new StartProblem(StartProblem.Cause.CONFIG, fault))
                .toList();
    }

    @Override
    public List<String> lines() {
        return sorted().stream()
                .filter(l -> !l.where().isEmpty())
                .map(l -> l.name() + " " + l.where())
                .toList();
    }

    @Override
    public String scope() {
        return "listener";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand("list", "", "Lists the ports that are listened on.", line -> rows()),
                new ShellCommand(
                        "pause", "NAME", "Takes no new connections; those that are open stay.", line -> pause(line)),
                new ShellCommand("resume", "NAME", "Takes connections again.", line -> resume(line)));
    }

    private List<Row> rows() {
        return sorted().stream()
                .map(l -> new Row(
                        l.name(),
                        l.port().protocol(),
                        l.where(),
                        l.port().tls().name(),
                        state(l),
                        l.port().crowd().all()))
                .toList();
    }

    private static String state(SocketListener listener) {
        if (listener.paused()) return "paused";
        List<String> faults = listener.faults();
        return faults.isEmpty() ? "open" : String.join("; ", faults);
    }

    private String pause(CommandLine line) {
        named(line).pause();
        return "paused";
    }

    private String resume(CommandLine line) {
        named(line).resume();
        return "open";
    }

    private SocketListener named(CommandLine line) {
        String name = line.word(0, "the listener's name");
        return all.stream()
                .filter(l -> l.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no listener " + name + "; there are "
                        + all.stream().map(SocketListener::name).sorted().collect(Collectors.joining(", "))));
    }
}
