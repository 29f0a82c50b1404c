package org.posthorn.shell;

import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code posthorn:help}. */
@Component
public final class HelpCommands implements ShellCommands {

    /** One command in the list. */
    public record Row(String command, String usage, String does) {}

    private final Leased<Catalogue> catalogue = new Leased<>();

    @Activate
    public HelpCommands() {}

    // Dynamic, since the catalogue in turn lists this.
    @Reference(
            cardinality = org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL,
            policy = org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC)
    void addCatalogue(Catalogue one) {
        catalogue.add(one, java.util.Map.of());
    }

    void removeCatalogue(Catalogue one) {
        catalogue.remove(one);
    }

    @Override
    public String scope() {
        return "posthorn";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand(
                "help", "[WORD]", "Lists the commands, or those with a word in their name.", this::help));
    }

    private Object help(CommandLine line) {
        try (var lease = catalogue.lease().orElseThrow(() -> new IllegalArgumentException("the shell is starting"))) {
            String wanted = line.word(0).orElse("");
            return lease.get().all().entrySet().stream()
                    .filter(e -> e.getKey().contains(wanted))
                    .map(e -> new Row(
                            e.getKey(), e.getValue().usage(), e.getValue().help()))
                    .toList();
        }
    }
}
