package org.posthorn.sasl;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.api.users.Accounts;

/** LOGIN, as draft-murchison-sasl-login-00 wrote down what Outlook and others do: a name, then a password. */
final class LoginExchange implements Exchange {

    private final Accounts accounts;
    private final InetAddress client;
    private String name = "";

    LoginExchange(Accounts accounts, InetAddress client) {
        this.accounts = accounts;
        this.client = client;
    }

    @Override
    public byte[] prompt() {
        return "Username:".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Step next(byte[] response) throws IOException {
        Optional<String> text = Utf8.decode(response).flatMap(SaslPrep::prepare).filter(t -> !t.isEmpty());
        if (text.isEmpty()) return new Step.Malformed("Name or password is empty or holds prohibited characters");
        if (!name.isEmpty()) return Identity.step(accounts.login(name, text.get(), client), "", name);
        name = text.get();
        return new Step.Challenge("Password:".getBytes(StandardCharsets.US_ASCII));
    }
}
