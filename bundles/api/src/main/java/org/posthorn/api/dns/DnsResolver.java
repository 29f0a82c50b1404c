package org.posthorn.api.dns;

import java.net.InetAddress;
import org.osgi.annotation.versioning.ProviderType;

/** Asks the DNS; blocks for at most a few seconds. Names are absolute, with or without the final dot. Safe for several threads. */
@ProviderType
public interface DnsResolver {

    /** By preference, the lowest number first, those of one preference shuffled. A null MX (RFC 7505) is one record with an empty host. */
    DnsAnswer<Mx> mx(String domain);

    /** AAAA and A. */
    DnsAnswer<InetAddress> addresses(String host);

    /** Each record with its strings joined. */
    DnsAnswer<String> txt(String name);

    /** The names of an address. */
    DnsAnswer<String> ptr(InetAddress address);
}
