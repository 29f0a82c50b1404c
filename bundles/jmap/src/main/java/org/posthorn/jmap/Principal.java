package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessList;

/**
 * Somebody with whom one shares, RFC 9670 2: a user, or all.
 *
 * @param identifier as lists of rights have it: an address or {@link AccessList#ANYONE}
 */
public record Principal(String identifier) {

    private static final String ID = "P";

    /** The longest identifier of which an id can be made, in octets. */
    private static final int LONGEST = 190;

    public static final Principal EVERYONE = new Principal(AccessList.ANYONE);

    public static Principal of(Address user) {
        return new Principal(AccessList.identifier(user));
    }

    /** The one of that id, whether there is one or not; empty when it is the id of none. */
    public static Optional<Principal> of(String id) {
        if (!id.startsWith(ID)) return Optional.empty();
        try {
            byte[] octets = Base64.getUrlDecoder().decode(id.substring(ID.length()));
            Principal principal = new Principal(new String(octets, StandardCharsets.UTF_8));
            boolean exact = principal.id().equals(id);
            return exact && (principal.isEveryone() || principal.address().isPresent())
                    ? Optional.of(principal)
                    : Optional.empty();
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** Whether it can have an id, RFC 8620 1.2. */
    public boolean isSayable() {
        return identifier.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    public String id() {
        byte[] octets = identifier.getBytes(StandardCharsets.UTF_8);
        return ID + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    public boolean isEveryone() {
        return identifier.equals(AccessList.ANYONE);
    }

    /** Empty for all. */
    public Optional<Address> address() {
        return Address.parse(identifier)
                .filter(address -> AccessList.identifier(address).equals(identifier)
                        && !address.domain().isEmpty());
    }

    String type() {
        return isEveryone() ? "group" : "individual";
    }

    /** What an account has on which it stands who owns it, RFC 9670 1.5.2. @param user in whose account its Principals are */
    ObjectNode owner(Address user) {
        return Json.NODES
                .objectNode()
                .put("accountIdForPrincipal", Id.account(user))
                .put("principalId", id());
    }

    String name() {
        return isEveryone() ? "Everyone" : identifier;
    }
}
