package org.posthorn.intake;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.routing.Router;
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
                new ShellCommand("list", "", "Shows all filters, the routers, and how they do.", line -> list()),
                new ShellCommand("chain", "", "Shows the filters that judge mail, in their order.", line -> chain()));
    }

    List<Filter> list() {
        List<String> chained = intake.settings().filters();
        List<String> there = intake.parts().filters().names();
        Stream<Filter> filters = Stream.concat(chained.stream(), there.stream())
                .distinct()
                .map(name -> row(name, Judges.plugin(name), chained.indexOf(name) + 1, there.contains(name)));
        return Stream.concat(filters, routers()).toList();
    }

    private Stream<Filter> routers() {
        List<Lease<Router>> leases = intake.parts().routers().all();
        List<String> names =
                leases.stream().map(l -> Routes.plugin(l.get())).distinct().toList();
        leases.forEach(Lease::close);
        return names.stream().map(name -> row(name, name, 0, true));
    }

    List<Filter> chain() {
        return list().stream().filter(f -> f.chained() > 0).toList();
    }

    private Filter row(String name, String plugin, int place, boolean there) {
        Breaker.State state = intake.watchdog().breaker(plugin).state();
        return new Filter(name, place, there, state.failures(), state.openUntil(), state.last());
    }
}
