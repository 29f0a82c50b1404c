package org.posthorn.users;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Issuer;
import org.posthorn.api.users.Login;

/** Tokens and app passwords for those who offer them. */
@Component(service = Issuer.class, configurationPid = "org.posthorn.users")
public final class TokenIssuer implements Issuer {

    private final Credentials credentials;
    private final Failures failures;
    private final Judge judge;

    @Activate
    public TokenIssuer(@Reference Credentials credentials, UserAccounts.Config config) {
        this(credentials, Failures.handedDown(UserAccounts.delays(config)));
    }

    TokenIssuer(Credentials credentials, Failures failures) {
        this.credentials = credentials;
        this.failures = failures;
        judge = new Judge(failures);
    }

    @Modified
    void modified(UserAccounts.Config changed) {
        failures.delays(UserAccounts.delays(changed));
    }

    /**
     * One that is valid is taken however many were not before it: nobody guesses one, and a whole house may have one address, in which somebody's old page goes on asking. A token names nobody, so
     * failures count for the client alone.
     */
    @Override
    public Login login(String token, InetAddress client) throws IOException {
        Optional<Credential> valid = credentials.token(token);
        if (valid.isPresent()) return new Login.Granted(valid.get().account(), valid);
        String key = "a token from " + client.getHostAddress();
        return judge.judge(key, "somebody with a token", client, Optional::empty);
    }

    @Override
    public String mark(Address account) throws IOException {
        return credentials.mark(account);
    }

    @Override
    public Optional<Issued> issue(Login.Granted login, String mark, Credential.Kind kind, String name)
            throws IOException {
        return credentials.issue(login, mark, kind, name);
    }

    @Override
    public List<Credential> credentials(Address account, Credential.Kind kind) throws IOException {
        return credentials.of(account, kind);
    }

    @Override
    public boolean revoke(Address account, Credential.Kind kind, String id) throws IOException {
        return credentials.revoke(account, kind, id);
    }
}
