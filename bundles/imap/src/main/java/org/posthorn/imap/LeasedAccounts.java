package org.posthorn.imap;

import java.io.IOException;
import java.net.InetAddress;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;

/** Whatever accounts there are at each call: an exchange that takes several lines holds up no replacement. */
final class LeasedAccounts implements Accounts {

    private final Leased<Accounts> accounts;

    LeasedAccounts(Leased<Accounts> accounts) {
        this.accounts = accounts;
    }

    private Lease<Accounts> lease() throws IOException {
        return accounts.lease().orElseThrow(() -> new IOException("nobody is there who knows the users"));
    }

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        try (Lease<Accounts> lease = lease()) {
            return lease.get().login(name, password, client);
        }
    }

    @Override
    public ScramKeys scram(String name) throws IOException {
        try (Lease<Accounts> lease = lease()) {
            return lease.get().scram(name);
        }
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) throws IOException {
        try (Lease<Accounts> lease = lease()) {
            return lease.get().scramEnded(name, proved, client);
        }
    }

    @Override
    public boolean maySend(Address account, Address sender) throws IOException {
        try (Lease<Accounts> lease = lease()) {
            return lease.get().maySend(account, sender);
        }
    }
}
