package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Attempts;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.CopyRequest;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetAnswer;

/** {@code Email/copy}, RFC 8621 4.7. */
record EmailCopy(Digests digests, Clock clock) implements Method {

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        CopyRequest request = CopyRequest.of(context, arguments);
        arguments.end();
        Attempts attempts = new Attempts("Email/copy", request.account(), Refusal::error);
        return attempts.answer(() -> {
            MailView from = MailView.of(context, request.from(), digests);
            MailView to = MailView.of(context, request.account(), digests);
            SetAnswer answer = request.answer(from.state(), to.state());
            EmailCreation creation = new EmailCreation(context, request.account(), to, clock);
            ArrayNode copied = Json.NODES.arrayNode();
            request.create()
                    .forEach((id, json) -> attempts.make(
                            id,
                            () -> {
                                answer.created(context, id, creation.copied(from, json));
                                copied.add(context.resolved(json.path("id").textValue()));
                            },
                            error -> answer.notCreated(id, error)));
            if (request.destroyOriginal() && !copied.isEmpty()) destroy(context, request, copied);
            return request.json(answer, to.state());
        });
    }

    /** Those alone that were copied, RFC 8620 5.4. */
    private static void destroy(Context context, CopyRequest request, ArrayNode copied) {
        ObjectNode set = Json.NODES.objectNode().put("accountId", Id.account(request.from()));
        request.destroyFromIfInState().ifPresent(state -> set.put("ifInState", state));
        set.set("destroy", copied);
        context.imply("Email/set", set);
    }
}
