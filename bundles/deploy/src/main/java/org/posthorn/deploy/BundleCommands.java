package org.posthorn.deploy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code bundle:list}. */
@Component
public final class BundleCommands implements ShellCommands {

    /** @param from {@code shipped}, or the file in deploy/ */
    public record Row(String name, String version, String state, String from) {}

    private final BundleContext context;

    @Activate
    public BundleCommands(BundleContext context) {
        this.context = context;
    }

    @Override
    public String scope() {
        return "bundle";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand(
                "list", "[WORD]", "Lists the bundles, or those with a word in their name.", this::list));
    }

    private Object list(CommandLine line) {
        return Arrays.stream(context.getBundles())
                .filter(b -> String.valueOf(b.getSymbolicName())
                        .contains(line.word(0).orElse("")))
                .map(b -> new Row(b.getSymbolicName(), b.getVersion().toString(), state(b), from(b)))
                .sorted(Comparator.comparing(Row::name))
                .toList();
    }

    private static String from(Bundle bundle) {
        String location = bundle.getLocation();
        return location.startsWith(Plugins.LOCATION)
                ? "deploy/" + location.substring(Plugins.LOCATION.length())
                : "shipped";
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.RESOLVED -> "stopped";
            default -> "unresolved";
        };
    }
}
