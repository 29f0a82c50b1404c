package org.posthorn.smtp;

import java.time.Duration;

/**
 * What an administrator has decided; {@link SmtpServer.Config} says what each means.
 *
 * @param hostname this server's name, never empty
 * @param maxFutureRelease how long a user may have mail held; zero when he may not
 */
record Settings(
        String hostname,
        String banner,
        long maxSize,
        int maxRecipients,
        int maxErrors,
        int maxCommands,
        Duration errorDelay,
        Duration commandTimeout,
        Duration dataTimeout,
        int slowestRate,
        boolean loginOnSmtp,
        boolean checkFrom,
        Duration maxFutureRelease) {}
