package org.posthorn.api.dns;

import java.util.List;

/**
 * What the DNS said.
 *
 * @param records not empty when FOUND, else empty
 * @param secure whether DNSSEC vouches for it, as far as the resolver says
 */
public record DnsAnswer<T>(Status status, List<T> records, boolean secure) {

    public enum Status {
        FOUND,
        /** The name is there, such a record is not. */
        NO_DATA,
        NO_SUCH_NAME,
        /** No answer, or SERVFAIL: ask again later. */
        FAILED
    }

    public DnsAnswer {
        records = List.copyOf(records);
    }
}
