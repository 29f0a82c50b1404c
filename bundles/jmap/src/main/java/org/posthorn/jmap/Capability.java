package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** What a client names in {@code using}: a URI, what the session says of it, and its methods. Safe for several threads. */
public interface Capability {

    String uri();

    /** What stands under the URI in the session's {@code capabilities}, RFC 8620 2. */
    ObjectNode server(Limits limits);

    /** The same where it has URLs in it. @param base the server as the client is to name it */
    default ObjectNode server(Limits limits, String base) {
        return server(limits);
    }

    /** Whether it is one of accounts. If not, as of a way to the server, it stands in no {@code accountCapabilities}. */
    default boolean isOfAccounts() {
        return true;
    }

    /** What stands under it in the {@code accountCapabilities} of an account, as that user sees it. */
    default ObjectNode account(Limits limits, Address user) {
        return Json.NODES.objectNode();
    }

    /** The same in the account of somebody else; empty when its methods do not work there, RFC 8620 3.6.2. */
    default Optional<ObjectNode> shared(Limits limits) {
        return Optional.empty();
    }

    /** By name, as {@code Core/echo}. */
    Map<String, Method> methods();

    /** Where blobs are found that it knows, beside uploads. */
    default List<BlobSource> blobs() {
        return List.of();
    }

    /**
     * Has somebody told when these may have changed by what is no change of a mailbox; perhaps once too often, on any thread.
     *
     * @return ends it
     */
    default Runnable watch(Address account, Runnable news) {
        return () -> {};
    }

    /** The states of its data types in an account, by the types' names: what is pushed when it changes, RFC 8620 7.1. */
    default Map<String, String> states(Context context, Address account) throws IOException, MethodFault {
        return Map.of();
    }
}
