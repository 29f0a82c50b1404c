package org.posthorn.autoconfig;

import java.io.IOException;
import java.net.IDN;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.posthorn.api.http.JmapAccess;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.users.UserDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows what mail programs are told, and whose. Only the domain counts: who asks learns nothing about a user. Safe for several threads. */
@Component(service = Offers.class, configurationPid = "org.posthorn.autoconfig")
@Designate(ocd = Settings.Config.class)
public final class Offers {

    private static final Logger LOG = LoggerFactory.getLogger(Offers.class);

    private final Leased<UserDirectory> directories = new Leased<>();
    private final Leased<JmapAccess> jmap = new Leased<>();
    private final ServerNames names;
    private final Supplier<Map<Service, Integer>> listened;
    private volatile Settings settings;

    @Activate
    public Offers(
            BundleContext context,
            Settings.Config config,
            @Reference ConfigurationAdmin admin,
            @Reference ServerNames names) {
        this(Settings.of(config), new Listeners(admin, offset(context))::ports, names);
    }

    Offers(Settings settings, Supplier<Map<Service, Integer>> listened, ServerNames names) {
        this.settings = settings;
        this.listened = listened;
        this.names = names;
    }

    private static int offset(BundleContext context) {
        String offset = context.getProperty("posthorn.port.offset");
        return offset == null || offset.isEmpty() ? 0 : Integer.parseInt(offset);
    }

    /** For questions from now on. */
    @Modified
    void modified(Settings.Config config) {
        settings = Settings.of(config);
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
    void addJmap(JmapAccess access, Map<String, ?> properties) {
        jmap.add(access, properties);
    }

    void removeJmap(JmapAccess access) {
        jmap.remove(access);
    }

    /**
     * What the users of a domain are told.
     *
     * @param domain in lower case
     * @return empty when it is none of this server's, or there is nothing that a mail program could use
     * @throws Unavailable when no directory can tell now
     */
    Optional<Offer> of(String domain) throws Unavailable {
        return local(domain) ? Optional.of(now()).filter(Offer::whole) : Optional.empty();
    }

    /** Whether it is a domain of this server. @param domain in lower case */
    boolean local(String domain) throws Unavailable {
        List<Lease<UserDirectory>> leases = directories.all();
        Unavailable fault = leases.isEmpty() ? new Unavailable("there is no user directory") : null;
        try {
            for (Lease<UserDirectory> directory : leases) {
                try {
                    Set<String> domains = directory.get().domains();
                    // A program may write the domain as the DNS does.
                    if (domains.contains(domain) || domains.contains(IDN.toUnicode(domain))) return true;
                } catch (IOException e) {
                    LOG.warn("A user directory cannot tell its domains; the others are asked: {}", e.getMessage());
                    fault = new Unavailable(e.getMessage());
                }
            }
        } finally {
            leases.forEach(Lease::close);
        }
        if (fault != null) throw fault;
        return false;
    }

    /** The URL of this server in the web, see {@link Offer#website}. */
    Optional<URI> website() {
        return names.website();
    }

    /** What there is at this moment, whoever asks. */
    Offer now() {
        Settings said = settings;
        Map<Service, Integer> ports = listened.get();
        List<Server> servers = new ArrayList<>();
        for (Service service : Service.values())
            said.port(service, ports).ifPresent(port -> servers.add(new Server(service, port)));
        return new Offer(
                said.host().isEmpty() ? names.host() : said.host(),
                servers,
                names.website(),
                session(),
                said.displayName());
    }

    private Optional<URI> session() {
        try (Lease<JmapAccess> access = jmap.lease().orElse(null)) {
            return access == null ? Optional.empty() : access.get().session().flatMap(ServerNames::secure);
        }
    }
}
