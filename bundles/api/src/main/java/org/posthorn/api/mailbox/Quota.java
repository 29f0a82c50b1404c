package org.posthorn.api.mailbox;

/**
 * What an account holds in all its mailboxes, and may hold. Settings can put the limit below what is there.
 *
 * @param limit of a kind without a limit, {@link Long#MAX_VALUE}
 */
public record Quota(Amount used, Amount limit) {

    /** Nothing is limited, and nobody counts. */
    public static final Quota NONE = new Quota(Amount.NOTHING, Amount.ENDLESS);

    /** Whether there is a limit of one kind at least. */
    public boolean limited() {
        return !limit.equals(Amount.ENDLESS);
    }

    /** Whether there is room for that much more. */
    public boolean admits(Amount more) {
        return fits(used.octets(), more.octets(), limit.octets())
                && fits(used.messages(), more.messages(), limit.messages());
    }

    private static boolean fits(long used, long more, long limit) {
        return more <= 0 || more <= limit - used;
    }
}
