package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one method call knows and may use. Its leases end with the call, so a swap of what it uses waits for one call and not for a request. For one
 * thread.
 */
public final class Context implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Context.class);

    private final Asker asker;
    private final Services services;
    private final Map<String, String> createdIds;
    private final Budget budget;
    private final Set<String> using;
    private final List<Runnable> endings = new ArrayList<>();
    private final Map<Leased<?>, Lease<?>> leases = new IdentityHashMap<>();
    private final List<Invocation> implied = new ArrayList<>();
    private Optional<Capability> capability = Optional.empty();

    /** With a budget of its own. @param createdIds those of the request, by creation id; grows with it */
    Context(Address user, Services services, Map<String, String> createdIds) {
        this(Asker.of(user), services, createdIds, new Budget(), Set.of());
    }

    /**
     * @param budget what all calls of the request have together
     * @param using URIs of the capabilities that the request names
     */
    Context(Asker asker, Services services, Map<String, String> createdIds, Budget budget, Set<String> using) {
        this.using = using;
        this.budget = budget;
        this.asker = asker;
        this.services = services;
        this.createdIds = createdIds;
    }

    /** Who asks. */
    public Address user() {
        return asker.user();
    }

    /** From where he asks. */
    public Asker asker() {
        return asker;
    }

    public Limits limits() {
        return services.limits().get();
    }

    /** What mails that are told in the answer may take of the memory. */
    public Budget budget() {
        return budget;
    }

    /** Whether the request names that capability: of what others add the client knows nothing, RFC 8620 1.8. */
    public boolean uses(String uri) {
        return using.contains(uri);
    }

    /** What it is for is a method of that one. */
    void isFor(Capability of) {
        capability = Optional.of(of);
    }

    /** Whose account the argument {@code accountId} names. */
    public Address account(Arguments arguments) throws MethodFault {
        return account(arguments.string("accountId"), MethodError.ACCOUNT_NOT_FOUND);
    }

    /** The one of that id. @param notFound what is said when he finds none */
    public Address account(String id, MethodError notFound) throws MethodFault {
        return account(id, notFound, MethodError.ACCOUNT_NOT_SUPPORTED);
    }

    /** The same, for a call that would change something there. */
    public Address changeable(Arguments arguments) throws MethodFault, IOException {
        Address account = account(arguments);
        if (!isOwn(account) && reach(account).isReadOnly()) throw new MethodFault(MethodError.ACCOUNT_READ_ONLY);
        return account;
    }

    /** Whose account the argument {@code fromAccountId} names, RFC 8620 5.4. */
    public Address fromAccount(Arguments arguments) throws MethodFault {
        return account(
                arguments.string("fromAccountId"),
                MethodError.FROM_ACCOUNT_NOT_FOUND,
                MethodError.FROM_ACCOUNT_NOT_SUPPORTED);
    }

    /** What one may not see is as good as not there. */
    private Address account(String id, MethodError notFound, MethodError notSupported) throws MethodFault {
        Address owner = account(id).orElseThrow(() -> new MethodFault(notFound));
        boolean works =
                isOwn(owner) || capability.orElseThrow().shared(limits()).isPresent();
        if (!works) throw new MethodFault(notSupported);
        return owner;
    }

    private boolean isOwn(Address account) {
        return account.folded().equals(user().folded());
    }

    /** Whose account that is; empty when the user finds none of that id. */
    Optional<Address> account(String id) throws MethodFault {
        return id.equals(Id.account(user())) ? Optional.of(user()) : other(id);
    }

    private Optional<Address> other(String id) throws MethodFault {
        try {
            return new Sharing(store(), user()).find(id).map(Reach::owner);
        } catch (IOException broken) {
            LOG.error("What others share with {} cannot be read", user(), broken);
            throw new MethodFault(MethodError.serverFail("What others share cannot be read now"));
        }
    }

    /** How far the user reaches in that account, which he was found to know. */
    public Reach reach(Address account) throws MethodFault {
        return new Reach(store(), account, user());
    }

    /** How accounts are told. */
    AccountObject accountObjects() {
        return new AccountObject(services.methods(), limits());
    }

    /** The mailboxes of all, leased for this call. */
    MailboxStore store() throws MethodFault {
        return lease(services.stores());
    }

    /**
     * One of these, leased for this call, and the same from its first use on: of two versions in a swap the new one waits for the old one, which waits for this
     * call.
     */
    public <T> T lease(Leased<T> all) throws MethodFault {
        if (!leases.containsKey(all))
            leases.put(all, all.lease().orElseThrow(() -> new MethodFault(MethodError.SERVER_UNAVAILABLE)));
        @SuppressWarnings("unchecked")
        T service = (T) leases.get(all).get();
        return service;
    }

    /** Has something done when the call ends. */
    public void atEnd(Runnable ending) {
        endings.add(ending);
    }

    /** Octets by their id or, where they were uploaded by this request, by {@code #} and their creation id (RFC 9404 4.1); good for as long as this is open. */
    public Optional<Blob> blob(Address account, String given) throws IOException, MethodFault {
        String id = resolved(given);
        Optional<Blob> upload = services.uploads().find(this, account, id);
        if (upload.isPresent()) return upload;
        for (BlobSource source : services.methods().blobs()) {
            Optional<Blob> blob = source.find(this, account, id);
            if (blob.isPresent()) return blob;
        }
        return Optional.empty();
    }

    /** Takes octets in as if the user had uploaded them: they are his, in whatever account. @return their id */
    public String upload(InputStream in) throws IOException {
        return store(in).id();
    }

    /** The same, with its size. */
    Uploads.Stored store(InputStream in) throws IOException {
        return services.uploads().store(user(), in);
    }

    /** What an id of a record stands for that may be {@code #} and a creation id, RFC 8620 5.3; of one that nobody has created, itself. */
    public String resolved(String id) {
        return id.startsWith("#") ? createdIds.getOrDefault(id.substring(1), id) : id;
    }

    /** Notes what a creation id has become. */
    public void created(String creationId, String id) {
        createdIds.put(creationId, id);
    }

    /** A call that this one implies, as onSuccessDestroyOriginal does: it is carried out behind this one, and its response has the same call id. */
    public void imply(String method, ObjectNode arguments) {
        implied.add(new Invocation(method, arguments, ""));
    }

    List<Invocation> implied() {
        return implied;
    }

    @Override
    public void close() {
        endings.forEach(Runnable::run);
        endings.clear();
        leases.values().forEach(Lease::close);
        leases.clear();
    }
}
