package org.posthorn.users;

import java.lang.annotation.Annotation;
import java.time.Duration;

/** What the settings say. */
record Settings(
        int loginDelay, int maxDelay, int tries, int tokenIdleDays, int tokenDays, int maxTokens, int maxAppPasswords)
        implements UserAccounts.Config {

    static final Terms TERMS = new Terms(Duration.ofDays(14), Duration.ofDays(90), 3, 3);

    Settings(int loginDelay, int maxDelay, int tries) {
        this(loginDelay, maxDelay, tries, 14, 90, 3, 3);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
        return UserAccounts.Config.class;
    }
}
