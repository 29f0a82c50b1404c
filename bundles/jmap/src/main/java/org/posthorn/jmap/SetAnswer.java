package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.posthorn.api.mail.Address;

/** What Foo/set and Foo/copy tell, RFC 8620 5.3 and 5.4. For one thread. */
public final class SetAnswer {

    private final ObjectNode json = Json.NODES.objectNode();

    SetAnswer(Address account, String oldState) {
        json.put("accountId", Id.account(account)).put("oldState", oldState);
    }

    /** @param object what the server has set or left out, {@code id} at least */
    public void created(Context context, String creationId, ObjectNode object) {
        json.withObjectProperty("created").set(creationId, object);
        context.created(creationId, object.path("id").asText());
    }

    public void notCreated(String creationId, SetError error) {
        json.withObjectProperty("notCreated").set(creationId, error.json());
    }

    /** One that has just what the client asked for. */
    public void updated(String id) {
        json.withObjectProperty("updated").set(id, Json.NODES.nullNode());
    }

    /** @param beside what has changed otherwise than the client asked for */
    public void updated(String id, ObjectNode beside) {
        json.withObjectProperty("updated").set(id, beside);
    }

    public void notUpdated(String id, SetError error) {
        json.withObjectProperty("notUpdated").set(id, error.json());
    }

    public void destroyed(String id) {
        json.withArrayProperty("destroyed").add(id);
    }

    public void notDestroyed(String id, SetError error) {
        json.withObjectProperty("notDestroyed").set(id, error.json());
    }

    /** Whether that creation id has become something. */
    public boolean hasCreated(String creationId) {
        return json.path("created").has(creationId);
    }

    /** Whether that one has been changed. */
    public boolean hasUpdated(String id) {
        return json.path("updated").has(id);
    }

    /** Whether that one is gone. */
    public boolean hasDestroyed(String id) {
        for (JsonNode destroyed : json.path("destroyed"))
            if (destroyed.textValue().equals(id)) return true;
        return false;
    }

    /** Whether something is done and something else is refused, which might be possible now. */
    public boolean isPart() {
        boolean done = json.has("created") || json.has("updated") || json.has("destroyed");
        return done && (json.has("notCreated") || json.has("notUpdated") || json.has("notDestroyed"));
    }

    /** What was refused is tried once more, all of it. */
    public void again() {
        json.remove(List.of("notCreated", "notUpdated", "notDestroyed"));
    }

    /** The whole; null of what there is none. */
    public ObjectNode json(String newState) {
        json.put("newState", newState);
        for (String name : new String[] {"created", "updated", "destroyed", "notCreated", "notUpdated", "notDestroyed"})
            if (!json.has(name)) json.set(name, (JsonNode) Json.NODES.nullNode());
        return json;
    }
}
