package org.posthorn.api.net;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The server's certificate and its key, for who listens himself. Safe for several threads. */
@ProviderType
public interface ServerKeys {

    /** What a new connection uses, to be asked for with each, as the files may have changed: the same object until then. Empty as long as none could be read. */
    Optional<Pair> pair();

    /**
     * A certificate and what belongs to it.
     *
     * @param chain the server's own first, then those that lead to its root
     */
    record Pair(List<X509Certificate> chain, PrivateKey secret) {
        public Pair {
            chain = List.copyOf(chain);
        }

        /** Of the certificate alone. */
        @Override
        public String toString() {
            return chain.get(0).getSubjectX500Principal().toString();
        }
    }
}
