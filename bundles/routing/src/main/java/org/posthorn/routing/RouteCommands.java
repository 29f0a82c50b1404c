package org.posthorn.routing;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.routing.Route;
import org.posthorn.api.routing.Router;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code route:show}. */
@Component
public final class RouteCommands implements ShellCommands {

    /** A line of what is shown. */
    public record Step(String address, String leads, String to) {}

    private static final int MOST = 100;

    private final Leased<Router> routers = new Leased<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRouter(Router router, Map<String, Object> properties) {
        routers.add(router, properties);
    }

    void removeRouter(Router router) {
        routers.remove(router);
    }

    @Override
    public String scope() {
        return "route";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand("show", "ADDRESS", "Shows each step of an address's way.", this::show));
    }

    private List<Step> show(CommandLine line) throws IOException {
        String text = line.word(0, "the address");
        Address start = Address.parse(text).orElseThrow(() -> new IllegalArgumentException("not an address: " + text));
        List<Step> steps = new ArrayList<>();
        Deque<Address> open = new ArrayDeque<>(List.of(start));
        Set<Address> seen = new HashSet<>();
        while (!open.isEmpty() && steps.size() < MOST) {
            Address address = open.pop();
            if (!seen.add(address.folded())) continue;
            Route route = route(address);
            if (route instanceof Route.Alias alias) {
                alias.own().ifPresent(via -> steps.add(step(address, via)));
                alias.targets().forEach(t -> steps.add(new Step(address.toString(), "alias", t.toString())));
                open.addAll(alias.targets());
            } else steps.add(step(address, route));
        }
        return steps;
    }

    private static Step step(Address address, Route route) {
        String from = address.toString();
        if (route instanceof Route.Via via) return new Step(from, via.transport(), via.nextHop());
        if (route instanceof Route.Refuse refuse)
            return new Step(from, "refused", refuse.reply().toString());
        return new Step(from, "unknown", "no router knows it");
    }

    private Route route(Address address) throws IOException {
        List<Lease<Router>> all = routers.all();
        try {
            for (Lease<Router> each : all) {
                Optional<Route> route = each.get().route(address);
                if (route.isPresent()) return route.get();
            }
            throw new IllegalArgumentException("no router knows " + address);
        } finally {
            all.forEach(Lease::close);
        }
    }
}
