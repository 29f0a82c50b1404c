package org.posthorn.intake;

import java.util.List;
import java.util.Optional;
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

    /**
     * @param chained its place in the chain, 0 for none
     * @param shadow empty, or {@code shadow}, and for how much of the mail it counts all the same, or why it does no more
     * @param failures since the start
     * @param leftAlone until when, after failures
     */
    record Filter(
            String name,
            int chained,
            String shadow,
            boolean there,
            long failures,
            String leftAlone,
            String lastFailure) {}

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
        Stream<Filter> filters = Stream.of(
                        chained.stream(),
                        intake.parts().filters().names().stream(),
                        intake.settings().shadow().stream(),
                        intake.parts().filters().aside().stream())
                .flatMap(names -> names)
                .distinct()
                .map(name -> filter(name, chained.indexOf(name) + 1));
        return Stream.concat(filters, routers()).toList();
    }

    private Filter filter(String name, int place) {
        boolean there = intake.parts().filters().there(name);
        Breaker.State counting = intake.watchdog().breaker(Judges.plugin(name)).state();
        Optional<Breaker.State> shadow = intake.shadows().state(name);
        if (shadow.isEmpty()) return row(name, place, "", there, counting);
        Optional<Promotion> promotion = intake.promotions().of(name);
        boolean counts = promotion.map(p -> p.share() > 0).orElse(false);
        String what = promotion
                .map(p -> counts ? "shadow, counts for " + p.percent() : "shadow, fell back: " + p.why())
                .orElse("shadow");
        return row(name, place, what, there, counts ? counting : shadow.get());
    }

    private Stream<Filter> routers() {
        List<Lease<Router>> leases = intake.parts().routers().all();
        List<String> names =
                leases.stream().map(l -> Routes.plugin(l.get())).distinct().toList();
        leases.forEach(Lease::close);
        return names.stream()
                .map(name ->
                        row(name, 0, "", true, intake.watchdog().breaker(name).state()));
    }

    List<Filter> chain() {
        return list().stream().filter(f -> f.chained() > 0).toList();
    }

    private static Filter row(String name, int place, String shadow, boolean there, Breaker.State state) {
        return new Filter(name, place, shadow, there, state.failures(), state.openUntil(), state.last());
    }
}
