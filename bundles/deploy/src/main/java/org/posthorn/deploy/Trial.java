package org.posthorn.deploy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** What a new version must show before it counts: what the one before it offers, and that it keeps the contract of each. */
final class Trial {

    /** The time was over before it had shown anything, good or bad; on a machine that has its hands full that may be no fault of its own. */
    static final class Late extends Unfit {
        private static final long serialVersionUID = 1;

        Late(String why) {
            super(why);
        }
    }

    private static final String CURE = "; trial in org.posthorn.deploy.cfg gives it more time";

    /** Services that are no types of ours, and looked for all the same. */
    private static final Set<String> OFFERED_TOO = Set.of("javax.sql.DataSource", "jakarta.servlet.Servlet");

    /** An activation that throws is no event that one could wait for. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final long end;

    /** @param time for all that is asked */
    Trial(BundleContext context, ServiceComponentRuntime components, Duration time) {
        this.context = context;
        this.components = components;
        this.end = System.nanoTime() + time.toNanos();
    }

    private long left() {
        return Math.max(0, end - System.nanoTime());
    }

    /** The services of a bundle as others look for them: {@code org.posthorn.api.filter.MailFilter size}. */
    static Set<String> offers(Bundle bundle) {
        return services(bundle).flatMap(Trial::offers).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<ServiceReference<?>> services(Bundle bundle) {
        return Optional.ofNullable(bundle.getRegisteredServices()).stream().flatMap(Arrays::stream);
    }

    private static Stream<String> offers(ServiceReference<?> service) {
        Object name = service.getProperty("name");
        return Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS))
                .filter(c -> c.startsWith("org.posthorn.api.") || OFFERED_TOO.contains(c))
                .map(c -> name instanceof String n ? c + " " + n : c);
    }

    /** Waits until the bundle offers all of that. @throws Late when it does not @throws Unfit when a component of it has failed */
    void offers(Bundle bundle, Set<String> wanted) throws Unfit {
        Semaphore news = new Semaphore(0);
        ServiceListener listener = event -> news.release();
        context.addServiceListener(listener);
        try {
            Set<String> missing = missing(bundle, wanted);
            while (!missing.isEmpty()) {
                if (left() == 0)
                    throw new Late("it does not offer " + String.join(", ", missing) + " as the one before it does"
                            + waits(bundle) + CURE);
                news.tryAcquire(Math.min(left(), LOOK_NANOS), TimeUnit.NANOSECONDS);
                missing = missing(bundle, wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unfit("the server is going down");
        } finally {
            context.removeServiceListener(listener);
        }
    }

    private Set<String> missing(Bundle bundle, Set<String> wanted) throws Unfit {
        failure(bundle);
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(offers(bundle));
        return missing;
    }

    /** @throws Unfit when the class of a component is missing, or its activation threw */
    private void failure(Bundle bundle) throws Unfit {
        for (var component : components.getComponentDescriptionDTOs(bundle)) {
            load(bundle, component);
            for (var configured : components.getComponentConfigurationDTOs(component))
                if (configured.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                    throw new Unfit(component.name + " fails: " + cause(configured.failure));
        }
    }

    /** Its service is registered all the same, and misses the class when somebody wants to have it. */
    private static void load(Bundle bundle, ComponentDescriptionDTO component) throws Unfit {
        try {
            bundle.loadClass(component.implementationClass);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new Unfit("the class of its component " + component.name + " is missing: " + e);
        }
    }

    /** What keeps components of it from offering anything. */
    private String waits(Bundle bundle) {
        StringBuilder waits = new StringBuilder();
        for (var component : components.getComponentDescriptionDTOs(bundle)) {
            var all = components.getComponentConfigurationDTOs(component);
            if (all.isEmpty()) waits.append("; ").append(component.name).append(" has no settings or is off");
            for (var configured : all)
                for (var reference : configured.unsatisfiedReferences)
                    waits.append("; ")
                            .append(component.name)
                            .append(" waits for ")
                            .append(reference.name);
        }
        return waits.toString();
    }

    /** The failure comes as a stack trace; the last cause tells what it was. */
    private static String cause(String trace) {
        List<String> lines = String.valueOf(trace).lines().toList();
        String last = lines.stream()
                .filter(l -> l.startsWith("Caused by: "))
                .reduce((a, b) -> b)
                .orElse(lines.isEmpty() ? "" : lines.get(0));
        return last.replace("Caused by: ", "");
    }

    /** Asks each service of the bundle what its contract can be asked for at that moment. @throws Unfit when one does not keep it */
    void keeps(Bundle bundle, Contracts.When when) throws Unfit {
        for (ServiceReference<?> service : services(bundle).toList())
            for (String type : (String[]) service.getProperty(Constants.OBJECTCLASS))
                for (Contracts.Contract<?> contract : Contracts.of(type, when)) keeps(bundle, service, contract);
    }

    private void keeps(Bundle bundle, ServiceReference<?> service, Contracts.Contract<?> contract) throws Unfit {
        FutureTask<Void> check = new FutureTask<>(() -> ask(service, contract), null);
        Thread thread = new Thread(check, "deploy-trial");
        thread.setDaemon(true);
        thread.start();
        String what = contract.type().getSimpleName() + " "
                + Optional.ofNullable(service.getProperty("name")).orElse("");
        try {
            check.get(left(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            failure(bundle);
            throw new Unfit("its " + what.strip() + " does not keep its contract: " + e.getCause());
        } catch (TimeoutException e) {
            check.cancel(true);
            throw new Late("its " + what.strip() + " gives no answer" + CURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unfit("the server is going down");
        }
    }

    private <T> void ask(ServiceReference<?> reference, Contracts.Contract<T> contract) {
        T service = contract.type().cast(context.getService(reference));
        try {
            contract.ask(service, String.valueOf(reference.getProperty("name")));
        } finally {
            context.ungetService(reference);
        }
    }
}
