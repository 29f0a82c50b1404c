package org.posthorn.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Random;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.dns.Mx;
import org.xbill.DNS.NioClient;

/** The DNS as a service, with the servers and the patience that the settings say. */
@Component(configurationPid = "org.posthorn.dns", service = DnsResolver.class)
@Designate(ocd = Dns.Config.class)
public final class Dns implements DnsResolver {

    @ObjectClassDefinition(name = "DNS", description = "Which name servers are asked, and how.")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Name servers, each ADDRESS or ADDRESS:PORT ([ADDRESS]:PORT for IPv6), in order. They must recurse. Empty: the"
                                + " system's (/etc/resolv.conf).")
        String[] servers() default {};

        @AttributeDefinition(
                description =
                        "Seconds to wait for one server before the next is asked; after the last, those that were silent are asked once more.",
                min = "1",
                max = "60")
        int timeout() default 3;

        @AttributeDefinition(
                description = "Most answers kept. They are kept no longer than their time to live.",
                min = "0",
                max = "10000000")
        int cache() default 10000;

        @AttributeDefinition(
                description =
                        "Files with zones that this server answers for (RFC 1035 5; absolute names, or $ORIGIN), for a lab or a closed network. Who is asked for"
                                + " names elsewhere is not this server: servers says that.")
        String[] zones() default {};

        @AttributeDefinition(
                description = "Where it answers for its zones, by UDP and TCP: ADDRESS:PORT ([ADDRESS]:PORT for IPv6).")
        String zonesAt() default "127.0.0.1:2553";
    }

    private volatile Resolver resolver;

    @Activate
    public Dns(Config config) {
        // Otherwise a hook of the JVM would hold on to this bundle for ever.
        System.setProperty("dnsjava.nio.register_shutdown_hook", "false");
        modified(config);
    }

    @Modified
    void modified(Config config) {
        Duration timeout = Duration.ofSeconds(config.timeout());
        resolver = new Resolver(Servers.of(config.servers(), timeout), config.cache(), System::nanoTime, new Random());
    }

    @Deactivate
    void stop() {
        NioClient.close();
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        return resolver.mx(domain);
    }

    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
        return resolver.addresses(host);
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return resolver.txt(name);
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        return resolver.ptr(address);
    }
}
