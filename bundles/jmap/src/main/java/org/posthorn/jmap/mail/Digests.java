package org.posthorn.jmap.mail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** What calls share: digests of the Emails that were asked for last: an Email never changes, RFC 8621 4.1. Safe for several threads. */
final class Digests {

    /** Of half a KiB each. */
    private static final int MOST = 5000;

    /** Of a hundred octets each. */
    private static final int MOST_BITS = 50_000;

    private record Key(Address account, long number) {}

    /** Those that were asked for last. */
    private static final class Last<V> extends LinkedHashMap<Key, V> {
        private static final long serialVersionUID = 1;

        private final int most;

        Last(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
            return size() > most;
        }
    }

    private final WholeAccounts whole = new WholeAccounts();
    private final Map<Key, Digest> all = new Last<>(MOST);
    private final Map<Key, Boolean> attachments = new Last<>(MOST_BITS);

    /** Which calls hold all Emails of an account. */
    WholeAccounts whole() {
        return whole;
    }

    /** Where that of an Email is kept. @param number that of its EMAILID */
    ReadEmail.Memory of(Address account, long number) {
        Key key = new Key(account, number);
        return new ReadEmail.Memory() {
            @Override
            public Optional<Digest> known() {
                synchronized (all) {
                    return Optional.ofNullable(all.get(key));
                }
            }

            @Override
            public void keep(Digest digest) {
                synchronized (all) {
                    all.put(key, digest);
                }
            }

            @Override
            public Optional<Boolean> attachment() {
                synchronized (all) {
                    Optional<Boolean> known = Optional.ofNullable(attachments.get(key));
                    return known.isPresent() ? known : ReadEmail.Memory.super.attachment();
                }
            }

            @Override
            public void keepAttachment(boolean hasAttachment) {
                synchronized (all) {
                    attachments.put(key, hasAttachment);
                }
            }
        };
    }
}
