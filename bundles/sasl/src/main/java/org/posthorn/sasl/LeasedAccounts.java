package org.posthorn.sasl;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;

/**
 * Whatever accounts are there at each call, so that an exchange of several lines holds up no replacement of them; where there are none, that is as a
 * disk that does not answer.
 */
public final class LeasedAccounts implements Accounts {

    private final Leased<Accounts> leased;

    public LeasedAccounts(Leased<Accounts> leased) {
        this.leased = leased;
    }

    private Lease<Accounts> lease() throws IOException {
        return leased.lease().orElseThrow(() -> new IOException("no accounts are there"));
    }

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        try (Lease<Accounts> accounts = lease()) {
            return accounts.get().login(name, password, client);
        }
    }

    @Override
    public ScramKeys scram(String name) throws IOException {
        try (Lease<Accounts> accounts = lease()) {
            return accounts.get().scram(name);
        }
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) throws IOException {
        try (Lease<Accounts> accounts = lease()) {
            return accounts.get().scramEnded(name, proved, client);
        }
    }

    @Override
    public boolean maySend(Address account, Address sender) throws IOException {
        try (Lease<Accounts> accounts = lease()) {
            return accounts.get().maySend(account, sender);
        }
    }

    @Override
    public List<Address> addresses(Address account) throws IOException {
        try (Lease<Accounts> accounts = lease()) {
            return accounts.get().addresses(account);
        }
    }

    /** Told by those accounts alone that are there now; {@link OpenLogins} go on to those that come. Where there are none, nobody tells. */
    @Override
    public Runnable onVoid(Entrance entrance, Runnable ended) {
        try (Lease<Accounts> accounts = leased.lease().orElse(null)) {
            return accounts == null ? () -> {} : accounts.get().onVoid(entrance, ended);
        }
    }
}
