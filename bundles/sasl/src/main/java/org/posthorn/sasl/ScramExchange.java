package org.posthorn.sasl;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;

/** SCRAM-SHA-256, RFC 5802 5 and RFC 7677, without channel binding. */
final class ScramExchange implements Exchange {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final Accounts accounts;
    private final InetAddress client;
    private final Supplier<String> nonces;
    private ClientFirst first;
    private ScramKeys keys;
    private String serverFirst;
    private String nonce;
    private Step end;

    ScramExchange(Accounts accounts, InetAddress client, Supplier<String> nonces) {
        this.accounts = accounts;
        this.client = client;
        this.nonces = nonces;
    }

    static String randomNonce() {
        byte[] octets = new byte[18];
        RANDOM.nextBytes(octets);
        return BASE64.encodeToString(octets);
    }

    @Override
    public byte[] prompt() {
        return new byte[0];
    }

    @Override
    public Step next(byte[] response) throws IOException {
        // The signature went out as a challenge, as a success has no room for it; the client's empty line ends the
        // talk.
        if (end != null) return response.length == 0 ? granted() : new Step.Malformed("Nothing was to follow");
        Optional<String> text = Utf8.decode(response);
        if (text.isEmpty()) return new Step.Malformed("That is not UTF-8");
        return first == null ? clientFirst(text.get()) : clientFinal(text.get());
    }

    /** The client may take its time with each of its lines, and the password be another by the last. */
    private Step granted() throws IOException {
        boolean same =
                Arrays.equals(keys.storedKey(), accounts.scram(first.name()).storedKey());
        return same ? end : new Step.Denied(Duration.ZERO);
    }

    private Step clientFirst(String text) throws IOException {
        Optional<ClientFirst> read = ClientFirst.parse(text);
        if (read.isEmpty()) return new Step.Malformed("No client-first-message of SCRAM without channel binding");
        first = read.get();
        keys = accounts.scram(first.name());
        nonce = first.nonce() + nonces.get();
        serverFirst = "r=" + nonce + ",s=" + BASE64.encodeToString(keys.salt()) + ",i=" + keys.iterations();
        return new Step.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8));
    }

    private Step clientFinal(String text) throws IOException {
        Optional<ClientFinal> read = ClientFinal.parse(text);
        if (read.isEmpty()) return new Step.Malformed("No client-final-message of SCRAM");
        ClientFinal last = read.get();
        String authMessage = first.bare() + "," + serverFirst + "," + last.withoutProof();
        boolean proved = last.nonce().equals(nonce)
                && last.binding().equals(first.binding())
                && Scram.proves(last.proof(), authMessage, keys);
        Login login = accounts.scramEnded(first.name(), proved, client);
        Step verdict = Identity.step(login, first.wanted(), first.name());
        if (!(verdict instanceof Step.Granted)) return verdict;
        end = verdict;
        String signature = BASE64.encodeToString(Scram.serverSignature(authMessage, keys));
        return new Step.Challenge(("v=" + signature).getBytes(StandardCharsets.UTF_8));
    }
}
