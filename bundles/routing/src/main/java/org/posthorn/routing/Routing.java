package org.posthorn.routing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.routing.Route;
import org.posthorn.api.routing.Router;
import org.posthorn.api.users.UserDirectory;

/** The router: to users and along aliases as the directories of users have them, elsewhere by the relay map, the smarthost, or MX. */
@Component(configurationPid = "org.posthorn.routing", property = "name=routing")
@Designate(ocd = Routing.Config.class)
public final class Routing implements Router {

    @ObjectClassDefinition(name = "org.posthorn.routing")
    @interface Config {

        @AttributeDefinition(
                description =
                        "The domain of names without one: logins by local part, and the bare postmaster of RFC 5321 4.5.1.")
        String defaultDomain() default "localhost";

        @AttributeDefinition(description = "host:port that takes all mail for elsewhere; empty: each domain's own MX.")
        String smarthost() default "";

        @AttributeDefinition(
                description = "TLS to the smarthost.",
                options = {@Option("never"), @Option("may"), @Option("must")})
        String smarthostTls() default "may";

        @AttributeDefinition(
                description =
                        "Domains that are taken from anybody and handed on: example.org=[10.0.0.1]:25, or .example.org=... for its"
                                + " subdomains.")
        String[] relays() default {};

        @AttributeDefinition(
                description = "What parts a user's name from the detail in user+detail; empty: nothing does.")
        String detailSeparator() default "+";

        @AttributeDefinition(
                description =
                        "Where mail to postmaster and abuse of any local domain goes when there is no such user or alias; empty: to the"
                                + " postmaster of the default domain, or of the domain itself where the default one is not local, whose"
                                + " mailbox nobody can log in to until there is such a user.")
        String postmaster() default "";

        @AttributeDefinition(
                description =
                        "Names of the user directories that must be there before a domain or user counts as unknown; mail that comes"
                                + " earlier is put off.")
        String[] directories() default {"sql"};
    }

    private final Leased<UserDirectory> directories = new Leased<>();
    private volatile Settings settings;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addDirectory(UserDirectory directory, Map<String, Object> properties) {
        directories.add(directory, properties);
    }

    void removeDirectory(UserDirectory directory) {
        directories.remove(directory);
    }

    @Activate
    @Modified
    void configure(Config config) {
        settings = Settings.of(config);
    }

    @Override
    public Optional<Route> route(Address address) throws IOException {
        Settings now = settings;
        List<Lease<UserDirectory>> leases = directories.all();
        try {
            // An unknown user is only unknown when everybody who might know is asked, though he comes or goes just now.
            for (String name : now.directories())
                leases.add(directories
                        .lease(name)
                        .orElseThrow(() -> new IOException("the user directory " + name + " is not there")));
            Directories all =
                    new Directories(leases.stream().map(Lease::get).distinct().toList());
            return Optional.of(new Way(now, all, Routing::isThisMachine).of(address));
        } finally {
            leases.forEach(Lease::close);
        }
    }

    private static boolean isThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
