package org.posthorn.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Remembers for a while which passwords were right, because mail clients log in all the time and a check is slow on purpose. Kept is a hash under a
 * key that this process alone has, of the password and of what it fitted: so a changed password is a new one, and nothing here is worth
 * stealing once the process is gone. Safe for several threads.
 */
public final class PasswordMemory {

    /** As {@link Passwords#verify}. */
    interface Check {
        boolean fits(String password, String kept) throws IOException;
    }

    private static final int MOST = 10_000;

    private final Map<String, Long> fitted = new LinkedHashMap<>();
    private final byte[] key = new byte[32];
    private final long keep;
    private final LongSupplier nanoTime;
    private final Check check;

    /**
     * @param random where the key comes from
     * @param keep how long; zero for not at all
     * @param nanoTime as {@link System#nanoTime}
     */
    public PasswordMemory(SecureRandom random, Duration keep, LongSupplier nanoTime) {
        this(random, keep, nanoTime, Passwords::verify);
    }

    PasswordMemory(SecureRandom random, Duration keep, LongSupplier nanoTime, Check check) {
        random.nextBytes(key);
        this.keep = keep.toNanos();
        this.nanoTime = nanoTime;
        this.check = check;
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

    private synchronized boolean known(String mark) {
        Long since = fitted.get(mark);
        return since != null && nanoTime.getAsLong() - since < keep;
    }

    /** The oldest stands first, as all are kept equally long. */
    private synchronized void remember(String mark) {
        fitted.remove(mark);
        fitted.put(mark, nanoTime.getAsLong());
        if (fitted.size() > MOST) fitted.remove(fitted.keySet().iterator().next());
    }
}
