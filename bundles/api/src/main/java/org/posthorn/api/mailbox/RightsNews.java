package org.posthorn.api.mailbox;

import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * A user may do something else in a mailbox of somebody else than before, RFC 4314.
 *
 * @param user who may; never the owner
 * @param by who has changed it; empty where nobody has said so, as when an administrator does
 * @param mailboxId the MAILBOXID, RFC 8474 4.1
 * @param name what the user calls it, without the names of those above it that he may look up; levels have dots between them
 * @param isInbox whether it is its owner's INBOX, and not one below another that is called so
 * @param before what he might do, by all entries of the list together
 * @param after what he may do now; never the same
 */
public record RightsNews(
        Address user,
        Address owner,
        Optional<Address> by,
        String mailboxId,
        String name,
        boolean isInbox,
        Rights before,
        Rights after) {}
