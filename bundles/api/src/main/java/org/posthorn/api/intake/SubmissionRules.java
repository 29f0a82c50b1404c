package org.posthorn.api.intake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Function;

/**
 * How mail of users is taken: the settings of the submission ports, which are those of the configuration {@link #PID}, for who takes it in another way and shall take no other mail. Who asks a
 * door for them would make a circle, as doors ask for what is read.
 *
 * @param server this server's name, for trace fields
 * @param maxSize the largest message, in octets
 * @param maxRecipients how many recipients a message may have
 * @param checkFrom whether From and Sender of a message must be the user's own addresses
 * @param maxFutureRelease how long a user may have mail held (RFC 4865); zero when he may not
 */
public record SubmissionRules(
        String server, long maxSize, int maxRecipients, boolean checkFrom, Duration maxFutureRelease) {

    /** Where the settings stand. */
    public static final String PID = "org.posthorn.smtp";

    /** What a setting is that is not there; octets. */
    public static final long MAX_SIZE = 157_286_400L;

    /** As {@link #MAX_SIZE}. */
    public static final int MAX_RECIPIENTS = 1000;

    /** As {@link #MAX_SIZE}. */
    public static final boolean CHECK_FROM = true;

    /** As {@link #MAX_SIZE}; seconds. */
    public static final int MAX_FUTURE_RELEASE = 2_592_000;

    /** Those of a configuration. @param setting by its name, typed as the configuration has it; null where it is not there */
    public static SubmissionRules of(Function<String, Object> setting) {
        Object name = setting.apply("hostname");
        return new SubmissionRules(
                name instanceof String text && !text.isBlank() ? text : machine(),
                number(setting.apply("maxSize"), MAX_SIZE),
                (int) number(setting.apply("maxRecipients"), MAX_RECIPIENTS),
                setting.apply("checkFrom") instanceof Boolean check ? check : CHECK_FROM,
                Duration.ofSeconds(number(setting.apply("maxFutureRelease"), MAX_FUTURE_RELEASE)));
    }

    private static long number(Object value, long otherwise) {
        return value instanceof Number number ? number.longValue() : otherwise;
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
