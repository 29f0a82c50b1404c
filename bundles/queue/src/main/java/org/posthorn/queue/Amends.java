package org.posthorn.queue;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the start makes good by itself, with a line in the log for each. */
final class Amends implements Inspection {

    private static final Logger LOG = LoggerFactory.getLogger(Amends.class);

    @Override
    public Optional<Address> account() {
        return Optional.empty();
    }

    @Override
    public void found(Damage damage, Mend mend) {
        try {
            mend.run();
            found(damage);
        } catch (IOException e) {
            LOG.error("{}: {}, which cannot be mended now: {}", damage.where(), damage.what(), e.toString());
        }
    }

    @Override
    public void found(Damage damage) {
        LOG.warn("{}: {}; it {}", damage.where(), damage.what(), damage.mending());
    }

    @Override
    public void at(String place) {}
}
