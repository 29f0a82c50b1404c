package org.posthorn.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The {@code StartReport} services of the bundles. Called by reflection, since the api is a bundle and the launcher is none. */
final class Reports {
    private static final String SERVICE = "org.posthorn.api.start.StartReport";
    private static final long LOOK_EVERY_MILLIS = 10;

    record Problem(ExitCode exit, String line) {}

    private final BundleContext context;

    Reports(BundleContext context) {
        this.context = context;
    }

    /**
     * Waits until every bundle that declares a report has given it and is ready or in trouble; says who is still missing. They are known by their names: a jar in
     * {@code deploy/} may take the place of one meanwhile, and what was shipped may come back.
     */
    List<String> await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Set<String> owing = owing();
        List<String> missing = missing(owing);
        while (!missing.isEmpty() && shippedProblems().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
            missing = missing(owing);
        }
        return shippedProblems().isEmpty() ? missing : List.of();
    }

    /** The same, and tells behind a while who is waited for: somebody sits before a start. */
    List<String> await(Duration patience, Duration quiet, Consumer<List<String>> late) throws InterruptedException {
        List<String> missing = await(quiet);
        if (missing.isEmpty()) return missing;
        late.accept(missing);
        return await(patience.minus(quiet));
    }

    /** Waits until nothing is open any more, whatever trouble there is. */
    void settle(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (references().stream().anyMatch(this::open) && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private boolean open(ServiceReference<?> reference) {
        Object report = context.getService(reference);
        return report != null && !(boolean) call(report, "ready");
    }

    /** Nobody waits for one that was taken out, or hangs, and has nobody in its place. */
    private List<String> missing(Set<String> owing) {
        Set<String> missing = new TreeSet<>(owing);
        missing.retainAll(owing());
        references().stream()
                .filter(this::ready)
                .map(ServiceReference::getBundle)
                .filter(Objects::nonNull)
                .map(Bundle::getSymbolicName)
                .forEach(missing::remove);
        return List.copyOf(missing);
    }

    private Set<String> owing() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> owesReport(bundle) && !hangs(bundle))
                .map(Bundle::getSymbolicName)
                .collect(Collectors.toSet());
    }

    /** The start of those of {@code deploy/} was waited for before, and marked when it was through; the bundle {@code deploy} answers for what is on trial. */
    private static boolean hangs(Bundle bundle) {
        return Provision.fromFolder(bundle.getLocation()) && !through(bundle);
    }

    private static boolean through(Bundle bundle) {
        try {
            return bundle.getState() != Bundle.STARTING
                    && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
        } catch (IllegalArgumentException | IllegalStateException gone) {
            // Taken out at this moment: Felix throws the former, the specification has the latter.
            return false;
        }
    }

    private boolean ready(ServiceReference<?> reference) {
        Object report = context.getService(reference);
        return report != null && (boolean) call(report, "ready");
    }

    /** bnd writes each service of a component into the manifest, so nobody has to list the bundles that report. */
    private static boolean owesReport(Bundle bundle) {
        String capabilities = bundle.getHeaders("").get(Constants.PROVIDE_CAPABILITY);
        return capabilities != null && capabilities.contains(SERVICE);
    }

    List<Problem> problems() {
        return problems(references());
    }

    /** What ends a start at once: whether a jar of {@code deploy/} that is in trouble stays is not settled yet. */
    List<Problem> shippedProblems() {
        return problems(shipped());
    }

    private static boolean fromFolder(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return bundle == null || Provision.fromFolder(bundle.getLocation());
    }

    /** A jar of {@code deploy/} that is no good is taken out again; it is in trouble when it is still there behind that. */
    private List<ServiceReference<?>> shipped() {
        return references().stream().filter(reference -> !fromFolder(reference)).toList();
    }

    private List<Problem> problems(List<ServiceReference<?>> references) {
        return all(references, "problems")
                .map(problem -> new Problem(
                        ExitCode.ofCause(call(problem, "cause").toString()), (String) call(problem, "line")))
                .toList();
    }

    /** The door first: its ports are what people look for. */
    List<String> lines() {
        return all(references(), "lines").map(String.class::cast).toList();
    }

    List<String> secrets() {
        return all(references(), "secrets").map(String.class::cast).toList();
    }

    private Stream<?> all(List<ServiceReference<?>> references, String method) {
        List<Object> values = new ArrayList<>();
        for (ServiceReference<?> reference : references) {
            Object report = context.getService(reference);
            if (report != null) {
                values.addAll((List<?>) call(report, method));
            }
        }
        return values.stream();
    }

    private List<ServiceReference<?>> references() {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(SERVICE, null);
            return Stream.of(found == null ? new ServiceReference<?>[0] : found)
                    .filter(reference -> reference.getBundle() != null)
                    .sorted(Comparator.<ServiceReference<?>>comparingInt(Reports::startLevel)
                            .reversed()
                            .thenComparing(reference -> (Long) reference.getProperty(Constants.SERVICE_BUNDLEID)))
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that is just being taken out has none any more. */
    private static int startLevel(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        try {
            return bundle == null ? 0 : bundle.adapt(BundleStartLevel.class).getStartLevel();
        } catch (IllegalArgumentException | IllegalStateException gone) {
            return 0;
        }
    }

    private static Object call(Object target, String name) {
        try {
            return method(target.getClass(), name).invoke(target);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(target.getClass().getName() + "." + name + " failed", e);
        }
    }

    /** The method as the api declares it: the component's own class is seldom public. */
    private static Method method(Class<?> type, String name) {
        return declaring(type)
                .filter(c -> c.getName().startsWith("org.posthorn.api."))
                .flatMap(c -> Arrays.stream(c.getMethods()))
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == 0)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type.getName() + " has no " + name));
    }

    private static Stream<Class<?>> declaring(Class<?> type) {
        return type == null
                ? Stream.empty()
                : Stream.of(Stream.of(type), Arrays.stream(type.getInterfaces()), declaring(type.getSuperclass()))
                        .flatMap(types -> types);
    }
}
