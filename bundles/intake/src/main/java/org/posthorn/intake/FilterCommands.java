package org.posthorn.intake;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** What there is to see of the filters. */
@Component
public final class FilterCommands implements ShellCommands {

    private final Intake intake;

    /** Of that way in. */
    @Activate
    public FilterCommands(@Reference Intake intake) {
        this.intake = intake;
    }

    /** @param chained its place in the chain, 0 for none @param failures since the start @param leftAlone until when, after failures */
    record Filter(String name, int chained, boolean there, long failures, String leftAlone, String lastFailure) {}

    @Override
    public String scope() {
        return "filter";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand("list", "", "Shows all filters, and how they do.", line -> list()),
                new ShellCommand("chain", "", "Shows the filters that judge mail, in their order.", line -> chain()));
    }

    List<Filter> list() {
        List<String> chained = intake.settings().filters();
        List<String> there = intake.parts().filters().names();
        return Stream.concat(chained.stream(), there.stream())
                .distinct()
                .map(name -> filter(name, chained.indexOf(name) + 1, there.contains(name)))
                .toList();
    }

    List<Filter> chain() {
        return list().stream().filter(f -> f.chained() > 0).toList();
    }

    private Filter filter(String name, int place, boolean there) {
        Breaker.State state = intake.judges().breaker(name).state();
        return new Filter(name, place, there, state.failures(), state.openUntil(), state.last());
    }
}
