package org.posthorn.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code bundle:list}, {@code bundle:swap}, {@code bundle:back}. */
@Component
public final class BundleCommands implements ShellCommands {

    private static final Logger LOG = LoggerFactory.getLogger(BundleCommands.class);

    /** @param from {@code shipped}, the file in deploy/, or {@code copy} for one that a swapped library has left in the place of a bundle */
    public record Row(String name, String version, String state, String from) {}

    private final BundleContext context;
    private final DeployFolder folder;

    @Activate
    public BundleCommands(BundleContext context, @Reference DeployFolder folder) {
        // A command may swap this very bundle, whose own context ends with it.
        this.context = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        this.folder = folder;
    }

    @Override
    public String scope() {
        return "bundle";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "list", "[WORD]", "Lists the bundles, or those with a word in their name.", this::list),
                new ShellCommand(
                        "swap",
                        "NAME FILE",
                        "Puts a jar in the place of the bundle of that symbolic name while it works, and into deploy/.",
                        this::swap),
                new ShellCommand(
                        "back",
                        "NAME",
                        "Takes the jar of that symbolic name out of deploy/; another one there, or what was shipped, runs then.",
                        this::back));
    }

    private Object swap(CommandLine line) throws IOException {
        String name = line.word(0, "the bundle's symbolic name");
        Path file = Path.of(line.word(1, "the jar"));
        try {
            Jar jar = Jar.read(file);
            if (!jar.symbolicName().equals(name)) throw new Unfit("it is " + jar.symbolicName() + " and not " + name);
            return Stream.concat(Stream.of(folder.swap(jar)), copies())
                    .map(BundleCommands::row)
                    .toList();
        } catch (Unfit e) {
            String refusal =
                    file + " is not put in the place of " + name + ", which works as before: " + e.getMessage();
            LOG.warn(refusal);
            throw new IllegalArgumentException(refusal);
        }
    }

    /** What a swap of a library could not bring back. */
    private Stream<Bundle> copies() {
        return Arrays.stream(context.getBundles()).filter(LibrarySwap::isCopy);
    }

    private Object back(CommandLine line) throws IOException {
        try {
            return folder.back(line.word(0, "the bundle's symbolic name"))
                    .map(BundleCommands::row)
                    .orElse(null);
        } catch (Unfit e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private static Row row(Bundle bundle) {
        return new Row(bundle.getSymbolicName(), bundle.getVersion().toString(), state(bundle), from(bundle));
    }

    private Object list(CommandLine line) {
        return Arrays.stream(context.getBundles())
                .filter(b -> String.valueOf(b.getSymbolicName())
                        .contains(line.word(0).orElse("")))
                .map(BundleCommands::row)
                .sorted(Comparator.comparing(Row::name))
                .toList();
    }

    private static String from(Bundle bundle) {
        if (Beside.file(bundle).isPresent())
            return "deploy/beside/" + Beside.file(bundle).get();
        if (LibrarySwap.isCopy(bundle)) return "copy";
        return Deployed.file(bundle).map(file -> "deploy/" + file).orElse("shipped");
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
