package org.posthorn.delivery.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.dns.Mx;
import org.posthorn.api.mail.Reply;

/** Finds the servers for a next hop, RFC 5321 5.1. */
final class Exchangers {

    /** So many are tried at one attempt, and not more: RFC 5321 5.1 asks for two at least. */
    private static final int MOST = 8;

    /** So many names, and addresses of one, are looked at: whoever owns a domain may list hundreds that nobody answers for. */
    private static final int MOST_LOOKED_AT = 16;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final DnsAnswer<InetAddress> UNASKED = new DnsAnswer<>(Status.FAILED, List.of(), false);

    private final DnsResolver dns;
    private final int port;
    private final String hostname;
    private final Predicate<InetSocketAddress> ours;
    private final LongSupplier nanoTime;

    Exchangers(DnsResolver dns, int port, String hostname, Predicate<InetSocketAddress> ours, LongSupplier nanoTime) {
        this.dns = dns;
        this.port = port;
        this.hostname = hostname;
        this.ours = ours;
        this.nanoTime = nanoTime;
    }

    /** A server to connect to. */
    record Server(String host, InetSocketAddress address) {
        @Override
        public String toString() {
            return host + "[" + address.getAddress().getHostAddress() + "]:" + address.getPort();
        }
    }

    /** The servers in the order in which they are to be tried, or why there is none. */
    sealed interface Found {
        record Servers(List<Server> list) implements Found {}

        record No(Reply reply) implements Found {}
    }

    static Found silent(NextHop hop) {
        return new Found.No(new Reply(451, "4.4.3", "the DNS does not answer when it is asked for " + hop.host()));
    }

    Found find(NextHop hop) {
        if (hop.exact()) return exact(hop);
        DnsAnswer<Mx> mx = dns.mx(hop.host());
        return switch (mx.status()) {
            case FAILED -> silent(hop);
            case NO_SUCH_NAME -> new Found.No(new Reply(550, "5.1.2", "there is no domain " + hop.host()));
            case NO_DATA -> byMx(hop, List.of(new Mx(0, hop.host())));
            case FOUND ->
                mx.records().stream().allMatch(m -> m.host().isEmpty())
                        ? new Found.No(new Reply(556, "5.1.10", hop.host() + " takes no mail"))
                        : byMx(hop, mx.records());
        };
    }

    private Found exact(NextHop hop) {
        int to = hop.port().orElse(port);
        if (!hop.address()) return servers(hop, addresses(hop.host()), to);
        try {
            return new Found.Servers(
                    List.of(new Server(hop.host(), new InetSocketAddress(InetAddress.getByName(hop.host()), to))));
        } catch (UnknownHostException e) {
            return new Found.No(new Reply(550, "5.1.2", hop.host() + " is no address"));
        }
    }

    private DnsAnswer<InetAddress> addresses(String host) {
        // A name of the machine's own need not be in the DNS (RFC 6761 6.3).
        return host.equalsIgnoreCase("localhost")
                ? new DnsAnswer<>(Status.FOUND, List.of(InetAddress.getLoopbackAddress()), false)
                : dns.addresses(host);
    }

    private Found servers(NextHop hop, DnsAnswer<InetAddress> answer, int to) {
        return switch (answer.status()) {
            case FAILED -> silent(hop);
            case FOUND ->
                new Found.Servers(answer.records().stream()
                        .limit(MOST)
                        .map(a -> new Server(hop.host(), new InetSocketAddress(a, to)))
                        .toList());
            default -> new Found.No(new Reply(550, "5.4.4", "there is no host " + hop.host()));
        };
    }

    private static <T> List<T> looked(List<T> all) {
        return all.subList(0, Math.min(MOST_LOOKED_AT, all.size()));
    }

    /**
     * Where this server is in the list itself, it and those that are no better are left out: else mail would go round, RFC 5321 5.1. One that is better and of
     * which the DNS does not tell where it is may be there all the same, and the mail waits for it.
     */
    private Found byMx(NextHop hop, List<Mx> exchangers) {
        List<Server> servers = new ArrayList<>();
        List<Integer> preferences = new ArrayList<>();
        int own = Integer.MAX_VALUE;
        // The preference of the best one of which is not known where it is.
        int silent = exchangers.size() > MOST_LOOKED_AT
                ? exchangers.get(MOST_LOOKED_AT).preference()
                : Integer.MAX_VALUE;
        long began = nanoTime.getAsLong();
        for (Mx mx : looked(exchangers)) {
            if (mx.host().isEmpty() || mx.preference() >= own || servers.size() >= MOST) continue;
            DnsAnswer<InetAddress> answer =
                    nanoTime.getAsLong() - began > PATIENCE.toNanos() ? UNASKED : addresses(mx.host());
            if (mx.host().equalsIgnoreCase(hostname)) own = mx.preference();
            else if (answer.status() == Status.FAILED) silent = Math.min(silent, mx.preference());
            for (InetAddress address : looked(answer.records())) {
                Server server = new Server(mx.host(), new InetSocketAddress(address, port));
                if (ours.test(server.address())) own = mx.preference();
                servers.add(server);
                preferences.add(mx.preference());
            }
        }
        List<Server> better = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) if (preferences.get(i) < own) better.add(servers.get(i));
        if (!better.isEmpty()) return new Found.Servers(better.subList(0, Math.min(MOST, better.size())));
        if (silent < own) return silent(hop);
        if (own < Integer.MAX_VALUE)
            return new Found.No(
                    new Reply(554, "5.4.6", "the best MX of " + hop.host() + " is this server, where it is not known"));
        return new Found.No(new Reply(550, "5.4.4", "no mail server of " + hop.host() + " has an address"));
    }
}
