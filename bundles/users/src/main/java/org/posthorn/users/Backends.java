package org.posthorn.users;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Authenticator;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.posthorn.api.users.UserRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All directories, authenticators and registries as one: what the first does not know, or cannot tell now, the next may. Where none knows, it is thrown
 * that one could not tell.
 */
@Component(service = Backends.class)
public final class Backends {

    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    /** Something to ask one of them. */
    private interface Question<S, A> {
        A ask(S service) throws IOException;
    }

    /** Something to do to the registry. */
    interface Change {
        void to(UserRegistry registry) throws IOException;
    }

    private final Leased<UserDirectory> directories = new Leased<>();
    private final Leased<Authenticator> authenticators = new Leased<>();
    private final Leased<UserRegistry> registries = new Leased<>();
    /** For so long one that is gone may come back, with the users it had; what is taken out for good must not have everybody put off whom the others do not know. */
    private static final long AWAY_NANOS = Duration.ofDays(1).toNanos();

    /** The names of authenticators that are here or have been, and when they were last. */
    private final Map<String, Long> met = new ConcurrentHashMap<>();

    private final LongSupplier nanoTime;

    public Backends() {
        this(System::nanoTime);
    }

    Backends(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addDirectory(UserDirectory directory, Map<String, ?> properties) {
        directories.add(directory, properties);
    }

    void removeDirectory(UserDirectory directory) {
        directories.remove(directory);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addAuthenticator(Authenticator authenticator, Map<String, ?> properties) {
        authenticators.add(authenticator, properties);
        met.put(properties.get(Leased.NAME) instanceof String name ? name : "", nanoTime.getAsLong());
    }

    void removeAuthenticator(Authenticator authenticator) {
        allHere();
        authenticators.remove(authenticator);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRegistry(UserRegistry registry, Map<String, ?> properties) {
        registries.add(registry, properties);
    }

    void removeRegistry(UserRegistry registry) {
        registries.remove(registry);
    }

    /** Whether the password is right; empty when nobody knows the user. @throws IOException when one that is away may know him */
    Optional<Boolean> verify(Address user, String password) throws IOException {
        return known(user, a -> a.verify(user, password));
    }

    /** The user's keys; empty when there are none. @throws IOException as {@link #verify} */
    Optional<ScramKeys> scram(Address user) throws IOException {
        return known(user, a -> a.scram(user));
    }

    private <A> Optional<A> known(Address user, Question<Authenticator, Optional<A>> question) throws IOException {
        Answer<A> now = asked(question);
        if (now.said().isEmpty() && !now.sure()) throw away(user);
        return now.said();
    }

    static IOException away(Address user) {
        return new IOException("a directory of users that may know " + user + " cannot be asked");
    }

    /**
     * What one of them said.
     *
     * @param sure whether all who come before could tell that they know nothing of it, and where nobody knows, nobody is away; else theirs might be another answer
     */
    record Answer<A>(Optional<A> said, boolean sure) {}

    /** What stands for the password that the user has; empty text when he may not log in. */
    Answer<String> fingerprint(Address user) throws IOException {
        return asked(a -> a.fingerprint(user));
    }

    private <A> Answer<A> asked(Question<Authenticator, Optional<A>> question) throws IOException {
        boolean before = allHere();
        Answer<A> now = answer(authenticators, question);
        // One that stops meanwhile, or comes back, was perhaps not asked.
        boolean all = before && allHere();
        return all || now.said().isPresent() ? now : new Answer<>(Optional.empty(), false);
    }

    /** Not before one has come: the first may be about to. */
    private boolean allHere() {
        long now = nanoTime.getAsLong();
        List<String> here = authenticators.names();
        here.forEach(name -> met.put(name, now));
        if (!here.isEmpty()) met.values().removeIf(last -> now - last > AWAY_NANOS);
        return !met.isEmpty() && here.containsAll(met.keySet());
    }

    Optional<User> user(Address address) throws IOException {
        return first(directories, d -> d.user(address));
    }

    List<Address> alias(Address address) throws IOException {
        return collect(directories, d -> d.alias(address));
    }

    List<Address> catchAll(String domain) throws IOException {
        return collect(directories, d -> d.catchAll(domain));
    }

    TreeSet<String> domains() throws IOException {
        return new TreeSet<>(collect(directories, UserDirectory::domains));
    }

    /** That one, or all. @throws IllegalArgumentException when there is no such domain; it names those that there are */
    Collection<String> domains(Optional<String> one) throws IOException {
        TreeSet<String> all = domains();
        if (one.isEmpty()) return all;
        if (!all.contains(one.get()))
            throw new IllegalArgumentException("there is no domain " + one.get()
                    + (all.isEmpty() ? ", nor any other" : "; there are " + String.join(", ", all)));
        return List.of(one.get());
    }

    List<User> users(String domain) throws IOException {
        return collect(directories, d -> d.users(domain));
    }

    List<UserDirectory.Alias> aliases(String domain) throws IOException {
        return collect(directories, d -> d.aliases(domain));
    }

    boolean registryPresent() {
        return !registries.names().isEmpty();
    }

    /** Ends when there is a registry: perhaps at once, perhaps never. */
    CompletionStage<Void> registry() {
        return registries.present(List.of());
    }

    void change(Change change) throws IOException {
        try (Lease<UserRegistry> lease = registries
                .lease()
                .orElseThrow(() -> new IllegalArgumentException("there is no directory that commands can change"))) {
            change.to(lease.get());
        }
    }

    private static <S, A> Optional<A> first(Leased<S> services, Question<S, Optional<A>> question) throws IOException {
        return answer(services, question).said();
    }

    private static <S, A> Answer<A> answer(Leased<S> services, Question<S, Optional<A>> question) throws IOException {
        List<Lease<S>> leases = services.all();
        IOException fault = null;
        try {
            for (Lease<S> lease : leases) {
                try {
                    Optional<A> answer = question.ask(lease.get());
                    if (answer.isPresent()) return new Answer<>(answer, fault == null);
                } catch (IOException e) {
                    LOG.warn("A user directory cannot tell; whoever else may know is asked: {}", e.getMessage());
                    if (fault == null) fault = e;
                    else fault.addSuppressed(e);
                }
            }
        } finally {
            leases.forEach(Lease::close);
        }
        if (fault != null) throw fault;
        return new Answer<>(Optional.empty(), true);
    }

    private static <S, A> List<A> collect(Leased<S> services, Question<S, ? extends Collection<A>> question)
            throws IOException {
        List<Lease<S>> leases = services.all();
        try {
            List<A> answers = new ArrayList<>();
            for (Lease<S> lease : leases) answers.addAll(question.ask(lease.get()));
            return answers;
        } finally {
            leases.forEach(Lease::close);
        }
    }
}
