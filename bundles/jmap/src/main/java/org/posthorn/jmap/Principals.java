package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Place;

/**
 * Those of whom a user knows: himself, all as one, who shares something with him, whose is what is public, and to whom he has given something. Others he finds by their whole address alone, as anybody does who writes to
 * them; nobody is shown a list of who is here. For one call.
 */
final class Principals {

    private static final int STATE_OCTETS = 8;

    private final Context context;
    private final Optional<Address> publicOwner;
    private final Map<String, Principal> known = new LinkedHashMap<>();
    private final Map<String, Reach> sharing = new LinkedHashMap<>();

    private Principals(Context context, Optional<Address> publicOwner) {
        this.context = context;
        this.publicOwner = publicOwner;
    }

    static Principals of(Context context) throws MethodFault, IOException {
        Principals all = new Principals(
                context, context.store().namespaces(context.user()).shared());
        all.add(Principal.of(context.user()));
        all.add(Principal.EVERYONE);
        for (Reach other : new Sharing(context.store(), context.user()).all()) all.add(other);
        all.addGranted(context.reach(context.user()));
        return all;
    }

    private void add(Principal principal) {
        if (principal.isSayable()) known.put(principal.id(), principal);
    }

    private void add(Reach other) {
        Principal principal = Principal.of(other.owner());
        add(principal);
        sharing.put(principal.identifier(), other);
    }

    private void addGranted(Reach own) throws IOException {
        Set<String> identifiers = new TreeSet<>();
        for (Listed listed : own.mailboxes())
            identifiers.addAll(
                    own.store().access(own.owner()).of(listed.name()).entries().keySet());
        for (String identifier : identifiers)
            if (identifier.charAt(0) != AccessList.NEGATIVE) add(new Principal(identifier));
    }

    Map<String, Principal> known() {
        return known;
    }

    Optional<Principal> find(String id) throws MethodFault, IOException {
        if (known.containsKey(id)) return Optional.of(known.get(id));
        Optional<Principal> principal = Principal.of(id);
        return principal.isPresent() && isHere(principal.get()) ? principal : Optional.empty();
    }

    /** By the whole address. */
    Optional<Principal> at(String address) throws MethodFault, IOException {
        Optional<Principal> principal = Address.parse(address)
                .filter(a -> !a.domain().isEmpty())
                .map(Principal::of)
                .filter(Principal::isSayable);
        return principal.isPresent() && isHere(principal.get()) ? principal : Optional.empty();
    }

    /** Whether that user has mailboxes here. */
    private boolean isHere(Principal principal) throws MethodFault, IOException {
        Optional<Address> address = principal.address();
        return address.isPresent() && context.store().exists(address.get());
    }

    /** Another one when he knows of others, or may do something in other accounts. */
    String state() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Principal one : known.values()) {
            Reach reach = sharing.get(one.identifier());
            all.append(one.identifier()).append(reach == null ? ' ' : reach.isReadOnly() ? 'r' : 'w');
        }
        byte[] text = all.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Id.digest(text), 0, STATE_OCTETS);
    }

    /** RFC 9670 2. */
    ObjectNode json(Principal principal) throws IOException {
        ObjectNode json = Json.NODES.objectNode().put("id", principal.id());
        boolean isPublic = isPublic(principal);
        json.put("type", isPublic ? "other" : principal.type()).put("name", isPublic ? Place.PUBLIC : principal.name());
        json.putNull("description");
        json.put("email", principal.address().map(Address::toString).orElse(null));
        json.putNull("timeZone").putObject("capabilities");
        json.set("accounts", accounts(principal));
        return json;
    }

    /** Whether it stands for what is everybody's, and for nobody. */
    private boolean isPublic(Principal principal) {
        return publicOwner.isPresent() && principal.equals(Principal.of(publicOwner.get()));
    }

    /** Those of his in which the user sees something; null when there is none. */
    private JsonNode accounts(Principal principal) throws IOException {
        ObjectNode accounts = Json.NODES.objectNode();
        if (principal.equals(Principal.of(context.user())))
            accounts.set(Id.account(context.user()), context.accountObjects().own(context.user()));
        Reach other = sharing.get(principal.identifier());
        if (other != null)
            accounts.set(
                    Id.account(other.owner()),
                    context.accountObjects()
                            .other(
                                    other,
                                    isPublic(principal)
                                            ? Place.PUBLIC
                                            : other.owner().toString()));
        return accounts.isEmpty() ? Json.NODES.nullNode() : accounts;
    }
}
