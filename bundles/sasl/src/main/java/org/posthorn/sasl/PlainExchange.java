package org.posthorn.sasl;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.posthorn.api.users.Accounts;

/** PLAIN, RFC 4616: {@code [authzid] NUL authcid NUL passwd} in one response. */
final class PlainExchange implements Exchange {

    private final Accounts accounts;
    private final InetAddress client;

    PlainExchange(Accounts accounts, InetAddress client) {
        this.accounts = accounts;
        this.client = client;
    }

    @Override
    public byte[] prompt() {
        return new byte[0];
    }

    @Override
    public Step next(byte[] response) throws IOException {
        String[] parts = Utf8.decode(response).map(r -> r.split("\0", -1)).orElse(new String[0]);
        if (parts.length != 3) return new Step.Malformed("PLAIN is authzid NUL authcid NUL password in UTF-8");
        Optional<String> name = SaslPrep.prepare(parts[1]);
        Optional<String> password = SaslPrep.prepare(parts[2]);
        // An empty string behind the preparation is as good as none, RFC 4616 2.
        if (name.orElse("").isEmpty() || password.orElse("").isEmpty())
            return new Step.Malformed("Name or password is empty or holds prohibited characters");
        return Identity.step(accounts.login(name.get(), password.get(), client), parts[0], parts[1]);
    }
}
