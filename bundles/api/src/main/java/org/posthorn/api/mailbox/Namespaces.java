package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;

/** Whose mailboxes, beside his own, a user may find: RFC 2342. The lists of their mailboxes say which. */
@ProviderType
public interface Namespaces {

    /** Users who may have shared something with him, in order; himself and the public account are not among them. */
    List<Address> others() throws IOException;

    /** Whether that one may have. */
    boolean hasOther(Address owner) throws IOException;

    /** The account whose mailboxes are everybody's, if there is one. */
    Optional<Address> shared();

    /** His own alone. */
    Namespaces PERSONAL = new Namespaces() {
        @Override
        public List<Address> others() {
            return List.of();
        }

        @Override
        public boolean hasOther(Address owner) {
            return false;
        }

        @Override
        public Optional<Address> shared() {
            return Optional.empty();
        }
    };
}
