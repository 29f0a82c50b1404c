package org.posthorn.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.LongSupplier;
import org.posthorn.api.lease.Heirloom;

/**
 * Remembers for a while which passwords were right, because mail clients log in all the time and a check is slow on purpose. Kept is a hash under a
 * key that this process alone has, of the password and of what it fitted: so a changed password is a new one, and nothing here is worth
 * stealing once the process is gone. A next version goes on with it, or a swap would have all clients wait for slow checks at once; it looks up
 * what is kept for a user itself, so who was removed or locked by then is not let in by it. Safe for several threads.
 */
public final class PasswordMemory {

    /** As {@link Passwords#verify}. */
    interface Check {
        boolean fits(String password, String kept) throws IOException;
    }

    private static final int MOST = 10_000;

    private final Map<String, Long> fitted;
    private final byte[] key;
    private final long keep;
    private final LongSupplier nanoTime;
    private final Check check;

    /**
     * Goes on with what was remembered in this process under that name.
     *
     * @param name of the directory of users
     * @param random where the key comes from
     * @param keep how long; zero for not at all
     * @param nanoTime as {@link System#nanoTime}
     */
    public static PasswordMemory handedDown(String name, SecureRandom random, Duration keep, LongSupplier nanoTime) {
        Map<String, byte[]> keys = Heirloom.map("keys of passwords that were right, 1");
        byte[] key;
        synchronized (keys) {
            key = keys.computeIfAbsent(name, n -> fresh(random));
        }
        return new PasswordMemory(
                Heirloom.map("passwords that were right, 1: " + name), key, keep, nanoTime, Passwords::verify);
    }

    static byte[] fresh(SecureRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return key;
    }

    PasswordMemory(Map<String, Long> fitted, byte[] key, Duration keep, LongSupplier nanoTime, Check check) {
        this.fitted = fitted;
        this.key = key;
        this.keep = keep.toNanos();
        this.nanoTime = nanoTime;
        this.check = check;
        if (keep.isZero()) forget();
    }

    private void forget() {
        synchronized (fitted) {
            fitted.clear();
        }
    }

    /** As {@link Passwords#verify}, but fast when the same was found right lately. */
    public boolean verify(String password, String kept) throws IOException {
        if (keep == 0 || password.length() > Passwords.LONGEST) return check.fits(password, kept);
        byte[] both = (kept + "\0" + password).getBytes(StandardCharsets.UTF_8);
        String mark = Base64.getEncoder().encodeToString(Hmac.sha256(key, both));
        if (known(mark)) return true;
        boolean fits = check.fits(password, kept);
        if (fits) remember(mark);
        return fits;
    }

    private boolean known(String mark) {
        synchronized (fitted) {
            Long since = fitted.get(mark);
            return since != null && nanoTime.getAsLong() - since < keep;
        }
    }

    /** The oldest stands first, as all are kept equally long. */
    private void remember(String mark) {
        synchronized (fitted) {
            fitted.remove(mark);
            fitted.put(mark, nanoTime.getAsLong());
            if (fitted.size() > MOST) fitted.remove(fitted.keySet().iterator().next());
        }
    }
}
